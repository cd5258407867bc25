/**
 * Which references are free, which frame each of the others is about, and which grants could not be ended yet. A frame stays
 * where it is until Xen has confirmed that its peer can reach it no more, however long the peer takes. Beside grants there are
 * offers: places without a frame, each for a page that a peer may give away.
 *
 * For tasks, not for interrupts: a task is not interrupted by another one, so nothing here is locked.
 */
import { GrantFault } from "../arch/x86-xen/grant-fault.ts";
import type { GrantAccess } from "../arch/x86-xen/grant-entries.ts";
import type { GrantStore } from "../arch/x86-xen/grant-table.ts";
import { pfnNumber, toPfn, type Mfn, type Pfn } from "../xen-abi/addresses.ts";
import type { DomId } from "../xen-abi/domain.ts";
import { reservedGrants, toGrantRef, type GrantRef } from "../xen-abi/grant-table.ts";
import type { FrameAllocator } from "./frames.ts";

/** A page that a peer may reach. Whoever has it must end it: `GrantLedger.end` and `endAndRelease` take it back. */
export type Grant = Owned<u32, "Grant">;
/** What a field starts with: reference 0 is never given, it is one of the reserved. */
export const noGrant: Grant = 0 as Grant;

/** A place that a peer may fill with a page of its own. Whoever has it must end it: `GrantLedger.endOffer` takes it back. */
export type PageOffer = Owned<u32, "PageOffer">;
export const noOffer: PageOffer = 0 as PageOffer;

/** What the peer is told. */
export function offerRef(offer: Borrowed<PageOffer>): GrantRef {
  return toGrantRef(offer as u32);
}

/** What the peer is told. */
export function refOf(grant: Borrowed<Grant>): GrantRef {
  return toGrantRef(grant as u32);
}

/** Ends a list of references. */
const end = 0xffffffff;
/** A reference that is in no list: its grant, or offer, lasts. */
const lasting = 0xfffffffe;

/** The frame of a reference that nobody has. */
const noFrame = 0xffffffff;

/** What the kernel notes of a reference. */
@struct({ size: 8 })
export class GrantRecord {
  /** First frame of the block that the granted frame is part of; of an offer, the place; or `noFrame`. */
  frame: u32 = 0;
  /** The next one in the list that it is in, or `lasting`. */
  link: u32 = 0;
}

/** Where the records are. */
export interface RecordStore {
  /** Records for `count` references, with what was in them. @allocates */
  extend(count: u32): Result<Slice<GrantRecord>, GrantFault>;
}

@struct
export class GrantLedger<T extends GrantStore> {
  readonly table: T;
  readonly store: RecordStore;
  readonly frames: FrameAllocator;
  /** One for each reference of the table; those of the reserved ones mean nothing. */
  records: Slice<GrantRecord>;
  firstFree: u32 = end;
  /** Grants that their peers did not let go of when they were to end, the oldest first. */
  firstBusy: u32 = end;
  lastBusy: u32 = end;

  /** Busy grants. */
  busy: u32 = 0;
  /** Offers that last. */
  offers: u32 = 0;
  /** The most references that were in use at once. */
  peak: u64 = 0;
  /** Ended with a delay, since the peer was using the page. */
  delayed: u64 = 0;
  /** Refused for want of references or memory. */
  failed: u64 = 0;

  /** `records` are those of the reserved references. */
  constructor(table: T, store: RecordStore, frames: FrameAllocator, records: Slice<GrantRecord>) {
    this.table = table;
    this.store = store;
    this.frames = frames;
    this.records = records;
  }

  /** References of grants that last or are busy, and of offers. */
  get inUse(): u64 {
    return this.frames.granted + this.offers;
  }

  /** Lets `peer` reach `frame`, which must be of a block that the frame allocator gave out. @allocates */
  give(frame: Pfn, peer: DomId, access: GrantAccess): Result<Grant, GrantFault> {
    const ready = this.prepare();
    if (!ready.ok) return err(ready.error);
    const first = this.frames.grant(frame);
    if (!first.ok) return err(GrantFault.NotAllocated);
    const number = this.firstFree;
    if (!this.table.give(toGrantRef(number), peer, frame, access)) {
      this.frames.endGrant(first.value);
      return err(GrantFault.FrameTooHigh);
    }
    this.claim(number, first.value);
    return ok(number as Grant);
  }

  /** Lets `peer` put a page of its own at `place`, where this domain has no frame. @allocates */
  offer(place: Pfn, peer: DomId): Result<PageOffer, GrantFault> {
    const ready = this.prepare();
    if (!ready.ok) return err(ready.error);
    const number = this.firstFree;
    this.offers++;
    this.claim(number, place);
    this.table.offer(toGrantRef(number), peer, place);
    return ok(number as PageOffer);
  }

  /** Where the page that is offered a place will be. */
  placeOf(offer: Borrowed<PageOffer>): Pfn {
    return toPfn(this.records[offer as u32].frame);
  }

  /** Whether a page has come. */
  isFilled(offer: Borrowed<PageOffer>): boolean {
    return this.table.isFilled(offerRef(offer));
  }

  /** Ends an offer: the frame that has come, or none; none can come any more. */
  endOffer(offer: PageOffer): Mfn {
    const number = disown(offer);
    const record = this.records[number];
    assert(record.link === lasting, "an offer is ended once");
    const came = this.table.endOffer(toGrantRef(number));
    this.offers--;
    this.free(number, record);
    return came;
  }

  /** Sees to it that there is a free reference. @allocates */
  prepare(): Result<undefined, GrantFault> {
    if (this.firstBusy !== end) this.lookAgain(1);
    if (this.firstFree !== end) return ok();
    const grown = this.grow();
    if (!grown.ok) this.failed++;
    return grown;
  }

  /** Takes the first free reference, for a block or a place. */
  claim(number: u32, frame: Pfn): void {
    const record = this.records[number];
    this.firstFree = record.link;
    record.frame = pfnNumber(frame) as u32;
    record.link = lasting;
    this.peak = max<u64>(this.peak, this.inUse);
  }

  /** Has the table grow until `count` grants can be given without anything that could fail. @allocates */
  reserve(count: u64): Result<undefined, GrantFault> {
    while (this.records.length < reservedGrants + this.inUse + count) {
      const grown = this.grow();
      if (!grown.ok) return grown;
    }
    return ok();
  }

  /**
   * Ends a grant; whether it has ended now. Where the peer still uses the page, the grant is looked at again with those
   * that come after it, and the frame cannot be given back until then.
   */
  end(grant: Grant): boolean {
    if (this.firstBusy !== end) this.lookAgain(1);
    const number = disown(grant);
    const record = this.records[number];
    assert(record.link === lasting, "a grant is ended once");
    if (this.tryEnd(number, record)) return true;
    this.delayed++;
    this.append(number);
    return false;
  }

  /** As `end`; the frame's block is given back with the last grant of it. */
  endAndRelease(grant: Grant): boolean {
    const first = toPfn(this.records[grant as u32].frame);
    const released = this.frames.releaseWhenEnded(first);
    assert(released.ok && !released.value, "the frame is granted until here");
    return this.end(grant);
  }

  /** Looks whether the peers of the `count` oldest busy grants have let go of them; how many had. */
  lookAgain(count: u32): u32 {
    let ended: u32 = 0;
    for (let left: u32 = min<u32>(count, this.busy); left > 0; left--) {
      const number = this.firstBusy;
      const record = this.records[number];
      this.firstBusy = record.link;
      this.busy--;
      if (this.tryEnd(number, record)) ended++;
      else this.append(number);
    }
    return ended;
  }

  tryEnd(number: u32, record: GrantRecord): boolean {
    if (!this.table.end(toGrantRef(number))) return false;
    this.frames.endGrant(toPfn(record.frame));
    this.free(number, record);
    return true;
  }

  /** The next one to be given. */
  free(number: u32, record: GrantRecord): void {
    record.frame = noFrame;
    record.link = this.firstFree;
    this.firstFree = number;
  }

  /** Whether a grant of that number lasts or is busy, or an offer lasts. */
  isGranted(number: u32): boolean {
    return this.records[number].frame !== noFrame;
  }

  /** Puts a grant behind the other busy ones. */
  append(number: u32): void {
    this.records[number].link = end;
    if (this.busy === 0) this.firstBusy = number;
    else this.records[this.lastBusy].link = number;
    this.lastBusy = number;
    this.busy++;
  }

  /** Puts the references of one more page of the table into the free list, the lowest first. */
  grow(): Result<undefined, GrantFault> {
    const known: u32 = this.records.length as u32;
    if (this.table.references() <= known) {
      const grown = this.table.grow();
      if (!grown.ok) return grown;
    }
    const records = this.store.extend(this.table.references());
    if (!records.ok) return err(records.error);
    this.records = records.value;
    for (let number: u32 = this.records.length as u32; number > known; number--) {
      this.free(number - 1, this.records[number - 1]);
    }
    return ok();
  }
}
