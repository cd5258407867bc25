/**
 * The ring by which frames are sent. A frame stays here, and in order, until the back end has answered all of its slots; what
 * it has not answered when it goes away is given to the next one.
 */
import {
  Checksum,
  completeChecksum,
  frameLength,
  FrameQueue,
  type PacketBuffer,
} from "../../../dev/packet.ts";
import type { PacketPool } from "../../../dev/packet-pool.ts";
import {
  longestFrame,
  mostFrameSlots,
  NetifRsp,
  NetTxFlag,
  NetTxRequest,
  NetTxResponse,
} from "../../../xen-abi/netif.ts";
import { SlotRing } from "../slot-ring.ts";
import { slotLimit, type DeviceSlots } from "./device-slots.ts";
import type { PageAccess } from "./page-access.ts";
import { fromIndex, stillInUse, type RingFault } from "./ring-fault.ts";

/** So many answers come before the back end says so: most are fetched with the next frame anyway. */
const answersAtOnce = 32;
/** Frames that wait for the ring, or for the next back end. */
const mostWaiting = 128;

@struct
export class TransmitRing<A extends PageAccess> {
  access: A | null = null;
  pool: PacketPool | null = null;
  readonly ring = new SlotRing<NetTxRequest, NetTxResponse>();
  table: DeviceSlots | null = null;
  firstFree: u16 = 0;
  /** Frames that the back end has, in the order in which it got them, and those that it will get. */
  readonly sent = new FrameQueue();
  readonly waiting = new FrameQueue();
  readonly response = new NetTxResponse();
  canScatter: boolean = false;
  hasOffload: boolean = false;
  isOpen: boolean = false;
  /** Frames that the back end has answered, slots that it did not send, and frames that it was not given. */
  answered: u64 = 0;
  failed: u64 = 0;
  dropped: u64 = 0;
  /** Pages that a back end did not let go of. Nobody uses them again. */
  kept: u64 = 0;

  /** For another device: whose pages are let in by whom. */
  use(access: A, pool: PacketPool, table: DeviceSlots): void {
    this.answered = 0;
    this.failed = 0;
    this.dropped = 0;
    this.access = access;
    this.pool = pool;
    this.table = table;
  }

  /** Begins with an empty ring, and says what this back end can do. What waits is sent first. */
  open(memory: Slice<u8>, canScatter: boolean, hasOffload: boolean): void {
    this.ring.startFront(memory);
    assert(this.ring.slotCount === slotLimit, "a transmit ring is one page");
    for (const [number, slot] of this.table!.sent.entries()) {
      slot.piece = null;
      slot.nextFree = (number + 1) as u16;
    }
    this.firstFree = 0;
    this.canScatter = canScatter;
    this.hasOffload = hasOffload;
    this.isOpen = true;
    this.sendWaiting();
  }

  /** Takes over a frame. */
  transmit(frame: PacketBuffer): void {
    if (!this.isOpen || this.waiting.count > 0 || this.ring.free() < mostFrameSlots) this.wait(frame);
    else this.put(frame);
  }

  wait(frame: PacketBuffer): void {
    if (this.waiting.count < mostWaiting) this.waiting.push(frame);
    else this.drop(frame);
  }

  drop(frame: PacketBuffer): void {
    this.dropped++;
    this.pool!.give(frame);
  }

  sendWaiting(): void {
    while (this.isOpen && this.ring.free() >= mostFrameSlots) {
      const frame = this.waiting.pop();
      if (frame === null) return;
      this.put(frame);
    }
  }

  /** Puts all pieces of a frame into the ring, in which there is room. */
  put(frame: PacketBuffer): void {
    this.adapt(frame);
    const pieces = countPieces(frame);
    const length = frameLength(frame);
    if (pieces > this.mostPieces() || length > longestFrame || !this.letIn(frame)) {
      this.drop(frame);
      return;
    }
    frame.unsent = pieces;
    for (let piece: PacketBuffer | null = frame; piece !== null; piece = piece.next) {
      const number = this.firstFree;
      const slot = this.table!.sent[number];
      this.firstFree = slot.nextFree;
      slot.piece = piece;
      slot.frame = frame;
      const request = this.ring.next();
      request.gref.store(this.access!.refOf(piece), "relaxed");
      request.offset.store(piece.start as u16, "relaxed");
      request.flags.store(flagsOf(frame, piece), "relaxed");
      request.id.store(number, "relaxed");
      request.size.store((piece === frame ? length : piece.length()) as u16, "relaxed");
    }
    this.sent.push(frame);
  }

  /** A frame that waited may have been made for a back end that could do more. */
  adapt(frame: PacketBuffer): void {
    if (!this.hasOffload) completeChecksum(frame);
    if (!this.canScatter) this.pool!.gather(frame);
  }

  mostPieces(): u32 {
    return this.canScatter ? mostFrameSlots : 1;
  }

  /** Lets the back end read all pieces, or none. */
  letIn(frame: PacketBuffer): boolean {
    for (let piece: PacketBuffer | null = frame; piece !== null; piece = piece.next) {
      if (this.access!.give(piece, false)) continue;
      for (let given = frame; given !== piece; given = given.next!) {
        const ended = this.access!.end(given);
        assert(ended, "a back end that was told of no reference uses none");
      }
      return false;
    }
    return true;
  }

  /** Shows the back end what was put in; whether it wants to be notified. */
  publish(): boolean {
    return this.isOpen && this.ring.publish();
  }

  /**
   * Fetches the answers that are there, and sends what waits for room; an error where they are not as they must be. Behind
   * what was put into the ring, so that the back end says so when it has answered that.
   */
  collect(): Result<undefined, RingFault> {
    if (!this.isOpen) return ok();
    for (let asked = this.unanswered(); asked > 0; asked = this.isAwaited() ? this.unanswered() : 0) {
      const there = this.ring.awaitNotice(this.isAwaited() ? min<u32>(asked, answersAtOnce) : answersAtOnce);
      if (!there.ok) return err(fromIndex(there.error));
      if (there.value === 0) return ok();
      const taken = this.takeSeen();
      if (!taken.ok) return taken;
    }
    return ok();
  }

  /** The same where somebody waits for the answers. */
  collectAwaited(): Result<undefined, RingFault> {
    return this.isAwaited() ? this.collect() : ok();
  }

  unanswered(): u32 {
    return this.ring.produced - this.ring.consumed;
  }

  /** Whether somebody cannot go on without an answer, or soon could not: then the last ones must not wait for the next frame. */
  isAwaited(): boolean {
    return this.waiting.count > 0 || this.pool!.isAwaited() || this.pool!.isScarce();
  }

  takeSeen(): Result<undefined, RingFault> {
    while (this.ring.take(this.response)) {
      const accepted = this.accept(this.response);
      if (!accepted.ok) return accepted;
    }
    this.recycle();
    this.sendWaiting();
    return ok();
  }

  accept(response: NetTxResponse): Result<undefined, RingFault> {
    const number: u32 = response.id;
    if (number >= slotLimit)
      return err({ what: "the id of a transmit response", least: 0, most: slotLimit - 1, got: number });
    const slot = this.table!.sent[number];
    const piece = slot.piece;
    const frame = slot.frame;
    if (piece === null || frame === null)
      return err({ what: "answers to a transmit request", least: 1, most: 1, got: 2 });
    if (response.status !== NetifRsp.Okay) this.failed++;
    const ended = this.access!.end(piece);
    if (!ended) return err(stillInUse());
    slot.piece = null;
    slot.nextFree = this.firstFree;
    this.firstFree = number as u16;
    frame.unsent--;
    return ok();
  }

  /** Gives back the frames that are answered, the oldest first. */
  recycle(): void {
    for (let frame = this.sent.first; frame !== null && frame.unsent === 0; frame = this.sent.first) {
      const oldest = this.sent.pop();
      assert(oldest === frame, "the oldest frame comes first");
      this.answered++;
      this.pool!.give(frame);
    }
  }

  /** The ring is not used any more. Transmitted frames wait. */
  close(): void {
    this.isOpen = false;
  }

  /**
   * Takes back the pages, after `close`: what was not answered is to be sent again, before everything else. A page that the
   * back end does not let go of is lost with its frame.
   */
  reclaim(): void {
    for (const slot of this.table!.sent) {
      const piece = slot.piece;
      const frame = slot.frame;
      if (piece === null || frame === null) continue;
      slot.piece = null;
      if (!this.access!.end(piece)) frame.unsent = lost;
    }
    const later = new FrameQueue();
    later.takeAll(this.waiting);
    for (let frame = this.sent.pop(); frame !== null; frame = this.sent.pop()) {
      if (frame.unsent === 0) this.pool!.give(frame);
      else if (frame.unsent !== lost) this.waiting.push(frame);
      else this.kept += countPieces(frame);
    }
    for (let frame = later.pop(); frame !== null; frame = later.pop()) this.waiting.push(frame);
  }

  /** The device is no more. */
  discard(): void {
    this.pool!.giveAll(this.waiting);
  }
}

/** The `unsent` of a frame of which a piece is still in use. */
const lost = 0xffffffff;

function countPieces(frame: PacketBuffer): u32 {
  let count: u32 = 0;
  for (let piece: PacketBuffer | null = frame; piece !== null; piece = piece.next) count++;
  return count;
}

/** Only the first slot says something of the frame (io/netif.h, "Guest transmit"). */
function flagsOf(frame: PacketBuffer, piece: PacketBuffer): u16 {
  let flags: u16 = 0;
  if (piece.next !== null) flags |= NetTxFlag.MoreData as u16;
  if (piece === frame && frame.checksum === Checksum.Blank)
    flags |= (NetTxFlag.CsumBlank | NetTxFlag.DataValidated) as u16;
  return flags;
}
