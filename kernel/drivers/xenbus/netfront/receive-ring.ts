/** The ring by which frames are received: the back end copies each into pages of ours. */
import { bufferBytes, Checksum, type PacketBuffer } from "../../../dev/packet.ts";
import type { PacketPool } from "../../../dev/packet-pool.ts";
import {
  NetifExtraType,
  extraFlagMore,
  mostFrameSlots,
  NetRxFlag,
  NetRxRequest,
  NetRxResponse,
} from "../../../xen-abi/netif.ts";
import { SlotRing } from "../slot-ring.ts";
import { slotLimit, type DeviceSlots } from "./device-slots.ts";
import type { PageAccess } from "./page-access.ts";
import { fromIndex, stillInUse, type RingFault } from "./ring-fault.ts";

/** Buffers that are left to those who send; */
const reserve = 24;
/** and those that are left to everybody else, as long as the back end has fewer than so many pages: */
const lastReserve = 4;
/** whoever sends cannot take these, so that frames always come in. */
const fewestPages = 8;
/** Buffers that come back before a ring that lacks pages is told. */
const batch = 8;

/** Who gets the frames. */
export interface FrameTarget {
  /** Takes over a frame. */
  received(frame: PacketBuffer): void;
}

@struct
export class ReceiveRing<A extends PageAccess> {
  access: A | null = null;
  pool: PacketPool | null = null;
  readonly ring = new SlotRing<NetRxRequest, NetRxResponse>();
  table: DeviceSlots | null = null;
  readonly response = new NetRxResponse();
  /** How many pages the back end is to have. */
  wanted: u32 = 0;
  isOpen: boolean = false;
  /** The frame of which more is to come: its pieces so far, and the flags of its first one. */
  first: PacketBuffer | null = null;
  last: PacketBuffer | null = null;
  pieces: u32 = 0;
  flags: u16 = 0;
  /** The last piece said that another one follows. */
  hasMore: boolean = false;
  /** The next slot is no piece, but says something of the frame. */
  expectsExtra: boolean = false;
  /** A piece did not arrive well, so the frame is dropped. */
  isSpoiled: boolean = false;
  frames: u64 = 0;
  /** Frames that the back end could not hand over whole. */
  failed: u64 = 0;
  /** Pages that a back end did not let go of. Nobody uses them again. */
  kept: u64 = 0;

  /** For another device: whose pages are let in by whom. */
  use(access: A, pool: PacketPool, table: DeviceSlots): void {
    this.frames = 0;
    this.failed = 0;
    this.access = access;
    this.pool = pool;
    this.table = table;
  }

  /** Begins with an empty ring, and gives the back end up to `wanted` pages. */
  open(memory: Slice<u8>, wanted: u32): void {
    this.ring.startFront(memory);
    assert(this.ring.slotCount === slotLimit, "a receive ring is one page");
    this.table!.pages.fill(null);
    this.wanted = min<u32>(wanted, slotLimit);
    this.expectsExtra = false;
    this.isSpoiled = false;
    this.isOpen = true;
    this.refill();
  }

  /** Gives the back end pages, as many as it is to have and the pool can spare. */
  refill(): void {
    if (!this.isOpen) return;
    for (let there = this.pages(); there < this.wanted; there++) {
      const page = this.pool!.take(0, there < fewestPages ? lastReserve : reserve);
      if (page === null) return;
      if (!this.access!.give(page, true)) {
        this.pool!.give(page);
        return;
      }
      const place = this.ring.produced & (slotLimit - 1);
      this.table!.pages[place] = page;
      const request = this.ring.next();
      request.id.store(place as u16, "relaxed");
      request.pad.store(0, "relaxed");
      request.gref.store(this.access!.refOf(page), "relaxed");
    }
  }

  /** Pages that the back end has. */
  pages(): u32 {
    return this.ring.produced - this.ring.consumed;
  }

  /** How many buffers are to be free before `refill` finds more; 0 where the back end has all pages that it is to have. */
  lacks(): usize {
    const there = this.pages();
    if (!this.isOpen || there >= this.wanted) return 0;
    return there < fewestPages ? lastReserve + 1 : reserve + batch;
  }

  /** Shows the back end the pages; whether it wants to be notified. */
  publish(): boolean {
    return this.isOpen && this.ring.publish();
  }

  /**
   * Hands up all frames that are there, and asks for a notification of the next; an error where something is not as it must
   * be, and then the ring is used no more.
   */
  collect(target: FrameTarget): Result<undefined, RingFault> {
    if (!this.isOpen) return ok();
    for (;;) {
      this.refill();
      const there = this.ring.awaitNotice();
      if (!there.ok) return err(fromIndex(there.error));
      if (there.value === 0) return ok();
      const taken = this.takeSeen(target);
      if (!taken.ok) return taken;
    }
  }

  takeSeen(target: FrameTarget): Result<undefined, RingFault> {
    for (;;) {
      const place = this.ring.consumed & (slotLimit - 1);
      if (!this.ring.take(this.response)) return ok();
      const page = this.table!.pages[place];
      assert(page !== null, "a response comes for a page that the back end has");
      this.table!.pages[place] = null;
      if (!this.access!.end(page)) {
        this.kept++;
        return err(stillInUse());
      }
      const judged = this.expectsExtra
        ? this.acceptExtra(page, this.response)
        : this.acceptPiece(page, this.response, place);
      if (!judged.ok) return err(judged.error);
      if (judged.value) this.finish(target);
    }
  }

  /** Whether the frame is complete with it. */
  acceptPiece(page: PacketBuffer, response: NetRxResponse, place: u32): Result<boolean, RingFault> {
    const length: u64 = response.status > 0 ? (response.status as u64) : 0;
    const judged = this.judge(response, response.offset + length, place);
    if (!judged.ok) {
      this.pool!.give(page);
      return err(judged.error);
    }
    page.start = response.offset;
    page.end = response.offset + length;
    const last = this.last;
    if (last === null) {
      this.first = page;
      this.flags = response.flags;
    } else last.next = page;
    this.last = page;
    this.pieces++;
    if (response.status <= 0) this.isSpoiled = true;
    this.hasMore = (response.flags & NetRxFlag.MoreData) !== 0;
    this.expectsExtra = (response.flags & NetRxFlag.ExtraInfo) !== 0;
    return ok(!this.hasMore && !this.expectsExtra);
  }

  judge(response: NetRxResponse, end: u64, place: u32): Result<undefined, RingFault> {
    if (response.id !== place)
      return err({ what: "the id of a receive response", least: place, most: place, got: response.id });
    if (end > bufferBytes)
      return err({ what: "the end of what was received into a page", least: 0, most: bufferBytes, got: end });
    if (this.pieces === mostFrameSlots)
      return err({ what: "slots of a received frame", least: 1, most: mostFrameSlots, got: this.pieces + 1 });
    return ok();
  }

  /** A slot that says something of the frame: nothing of which we have agreed to heed. */
  acceptExtra(page: PacketBuffer, response: NetRxResponse): Result<boolean, RingFault> {
    this.pool!.give(page);
    const type: u32 = response.id & 0xff; // an extra info begins with type and flags, where a response has its id
    const flags: u32 = response.id >> 8;
    if (type === NetifExtraType.None || type >= NetifExtraType.Max)
      return err({ what: "the type of an extra info", least: 1, most: NetifExtraType.Max - 1, got: type });
    this.expectsExtra = (flags & extraFlagMore) !== 0;
    return ok(!this.hasMore && !this.expectsExtra);
  }

  finish(target: FrameTarget): void {
    const frame = this.first;
    assert(frame !== null, "a frame that is complete has a piece");
    this.first = null;
    this.last = null;
    this.pieces = 0;
    if (this.isSpoiled) {
      this.isSpoiled = false;
      this.failed++;
      this.pool!.give(frame);
      return;
    }
    this.frames++;
    frame.checksum = checksumOf(this.flags);
    target.received(frame);
  }

  /** The ring is not used any more. */
  close(): void {
    this.isOpen = false;
  }

  /** Takes back the pages, after `close`. Those that the back end does not let go of are lost. */
  reclaim(): void {
    for (let place: usize = 0; place < this.table!.pages.length; place++) {
      const page = this.table!.pages[place];
      this.table!.pages[place] = null;
      if (page === null) continue;
      if (this.access!.end(page)) this.pool!.give(page);
      else this.kept++;
    }
    const begun = this.first;
    if (begun !== null) this.pool!.give(begun);
    this.first = null;
    this.last = null;
    this.pieces = 0;
  }
}

/** What the back end vouches for. A blank checksum is that of a neighbour on the same host, whose frame was on no wire. */
function checksumOf(flags: u16): Checksum {
  if ((flags & NetRxFlag.CsumBlank) !== 0) return Checksum.Blank;
  return (flags & NetRxFlag.DataValidated) !== 0 ? Checksum.Verified : Checksum.Unknown;
}
