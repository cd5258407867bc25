/**
 * The ring of slots between a front end and a back end (io/ring.h). The front end puts requests into slots, the back end puts
 * each response into a slot whose request it has taken: both ends are the same but for who may be ahead of whom.
 *
 * An end never reads back what it wrote: its own indices are its own. The peer's index is read once, judged, and used as the
 * copy; a slot is copied once. A ring belongs to one task, or is used with events masked.
 */
import { addressOf, sharedAt } from "xenlet:unsafe";
import { pageOffsetMask } from "../../xen-abi/addresses.ts";
import { maxRingPages, RingDirection, RingHead } from "../../xen-abi/ring.ts";

/** What is taken out: every protocol numbers its requests, and its responses accordingly. */
type Numbered = { readonly id: u32 };

/** A peer's index that no honest peer could have written; it counts what the peer produced. */
export type IndexFault = {
  /** The header's name of it. */
  readonly index: string;
  /** Between which two it must lie. */
  readonly least: u32;
  readonly most: u32;
  readonly got: u32;
};

/** One end of a ring: puts `Out` in, and takes `In` out. */
@struct
export class SlotRing<Out extends object, In extends Numbered> {
  /** Where the shared indices of each direction, and the slots, are. */
  outgoing: u64 = 0;
  incoming: u64 = 0;
  slots: u64 = 0;
  /** A power of two. */
  slotCount: u32 = 0;
  /** How far `produced` may be ahead of `consumed`: the whole ring for a front end, not at all for a back end. */
  lead: u32 = 0;
  /** What was put in, and what of it the peer was shown. */
  produced: u32 = 0;
  published: u32 = 0;
  /** What was taken out, and what is known to be there. */
  consumed: u32 = 0;
  seen: u32 = 0;

  /** Makes an empty ring of `memory`, whole pages, and is its front end. */
  startFront(memory: Slice<u8>): void {
    memory.fill(0);
    const head = this.attach(memory, offsetOf<RingHead>("reqProd"), offsetOf<RingHead>("rspProd"));
    this.lead = this.slotCount;
    head.reqEvent.store(1, "relaxed");
    head.rspEvent.store(1, "release");
  }

  /** Is the back end of the ring that a front end has made of `memory`. */
  startBack(memory: Slice<u8>): void {
    this.attach(memory, offsetOf<RingHead>("rspProd"), offsetOf<RingHead>("reqProd"));
    this.lead = 0;
  }

  attach(memory: Slice<u8>, outgoing: usize, incoming: usize): Shared<RingHead> {
    assert((memory.length & pageOffsetMask) === 0, "a ring is made of whole pages");
    assert(memory.length > 0 && memory.length / 4096 <= maxRingPages, "a ring has 1 to 16 pages");
    const base = addressOf(memory);
    this.outgoing = base + outgoing;
    this.incoming = base + incoming;
    this.slots = base + sizeOf<RingHead>();
    this.slotCount = slotsIn(memory.length, this.slotBytes());
    this.produced = 0;
    this.published = 0;
    this.consumed = 0;
    this.seen = 0;
    return sharedAt<RingHead>(base);
  }

  slotBytes(): u64 {
    return max<u64>(sizeOf<Out>(), sizeOf<In>());
  }

  slotAt(index: u32): u64 {
    return this.slots + (index & (this.slotCount - 1)) * this.slotBytes();
  }

  /** How many can be put in now. */
  free(): u32 {
    return this.consumed + this.lead - this.produced;
  }

  /**
   * The next slot to put something in, for which there must be room. All of it is to be stored, since it holds what was there
   * before. The peer sees it when it is published.
   */
  next(): Shared<Out> {
    const index = this.produced;
    assert(index !== this.consumed + this.lead, "the ring has room for what is put in");
    this.produced = index + 1;
    return sharedAt<Out>(this.slotAt(index));
  }

  /** Shows the peer all that was put in; whether it wants to be notified of it. */
  publish(): boolean {
    const fresh: u32 = this.produced - this.published;
    if (fresh === 0) return false;
    this.published = this.produced;
    const direction = sharedAt<RingDirection>(this.outgoing);
    // The slots before the index, and the index before the look at what the peer waits for (RING_PUSH_*_AND_CHECK_NOTIFY).
    direction.prod.store(this.produced, "seqcst");
    const past: u32 = this.produced - direction.event.load("seqcst");
    return past < fresh;
  }

  /** Looks how many there are to take; an error where the peer's index is past what it can have produced. */
  look(): Result<u32, IndexFault> {
    const got = sharedAt<RingDirection>(this.incoming).prod.load("seqcst");
    // A front end gets no more responses than it published requests; a back end no more requests than there are free slots.
    const most: u32 = this.published + this.slotCount - this.lead;
    if (got - this.consumed > most - this.consumed) return err(this.fault(most, got));
    this.seen = got;
    return ok(got - this.consumed);
  }

  fault(most: u32, got: u32): IndexFault {
    const index = this.lead === 0 ? "req_prod" : "rsp_prod";
    return { index, least: this.consumed, most, got };
  }

  /** Copies the next one of those that were seen into `item`; false after the last. */
  take(item: In): boolean {
    const index = this.consumed;
    if (index === this.seen) return false;
    this.consumed = index + 1;
    sharedAt<In>(this.slotAt(index)).copyTo(item);
    return true;
  }

  /**
   * Asks for a notification when `after` more have come, and looks again, since they may have come meanwhile
   * (RING_FINAL_CHECK_FOR_*). Where there is something to take already, nothing is asked for.
   */
  awaitNotice(after: u32 = 1): Result<u32, IndexFault> {
    const there = this.look();
    if (!there.ok || there.value > 0) return there;
    sharedAt<RingDirection>(this.incoming).event.store(this.consumed + after, "seqcst");
    return this.look();
  }
}

/** How many slots of `slotBytes` a ring of `ringBytes` has: a power of two (`__RING_SIZE`). */
export function slotsIn(ringBytes: usize, slotBytes: usize): u32 {
  return 1 << highestBit((ringBytes - sizeOf<RingHead>()) / slotBytes);
}
