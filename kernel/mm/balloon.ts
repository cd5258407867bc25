/**
 * The balloon: frames go back to Xen, and come again, while the domain runs. What goes first is memory that was never
 * opened, since nothing maps it; then free frames, whose place in the direct map becomes empty. The p2m list is true at
 * every moment at which somebody else can look at it.
 */
import { OneFrame, isFrame, noFrame } from "../arch/x86-xen/frame-sequence.ts";
import { populateFrames, returnFrames } from "../arch/x86-xen/hypercall/memory.ts";
import { kernelAddress } from "../arch/x86-xen/kernel-frames.ts";
import { mfnOf, p2mLength, setP2m } from "../arch/x86-xen/p2m.ts";
import { writable } from "../arch/x86-xen/page-entry.ts";
import { PteLock } from "../arch/x86-xen/pte-queue.ts";
import { pfnNumber, toMfn, toPfn, type Mfn, type Pfn } from "../xen-abi/addresses.ts";
import {
  clearFrame,
  firstUnopened,
  frames,
  hasFrameRecords,
  mapFrameRecords,
  pteQueue,
  tables,
} from "./memory.ts";
import { Owner } from "./owner.ts";

/** Frames that change hands by one hypercall: 2 MiB. */
const batchFrames = 512;
/** Free frames that always stay: 1 MiB, for whatever comes suddenly. */
export const balloonReserve = 256;

/** Why there was no progress. */
export const enum BalloonStop {
  /** As large as was wanted. */
  Reached,
  /** All but the reserve is in use. */
  Floor,
  /** The p2m list, and what was made when the domain was built, has room for no more. */
  Ceiling,
  /** Xen gives nothing: the host has no memory, or the domain may not have more. */
  Refused,
}

@struct
export class Balloon {
  /** Frames that the domain has. */
  pages: u64 = 0;
  /** Frames that went, and that came back, since boot. */
  given: u64 = 0;
  taken: u64 = 0;
  /** At and above this, what was never opened is gone. */
  goneFrom: u64 = 0;
  /** Below this, no frame is missing that may come from Xen. */
  completeTo: u64 = 0;
  readonly places = new FixedArray<Pfn, 512>();
  readonly list = new FixedArray<Mfn, 512>();

  /** Counts what the domain has. Needs memory. */
  start(): void {
    this.goneFrom = p2mLength();
    this.pages = 0;
    for (let at: u64 = 0; at < p2mLength(); at++) {
      if (isFrame(mfnOf(toPfn(at)))) this.pages++;
    }
  }

  /** The most frames that the domain can have. */
  ceiling(): u64 {
    return p2mLength();
  }

  /** The fewest frames that it can have now. */
  floor(): u64 {
    return this.pages - this.unopened() - this.spare();
  }

  /** Frames that were never opened and are still there. */
  unopened(): u64 {
    const first = firstUnopened();
    const known: u64 = frames.total;
    return first < p2mLength() ? this.pages - known : 0;
  }

  /** Free frames beyond the reserve. */
  spare(): u64 {
    return frames.free > balloonReserve ? frames.free - balloonReserve : 0;
  }

  /** Goes one batch towards `target` pages; ok where there was progress, otherwise why there was none. */
  step(target: u64): Result<undefined, BalloonStop> {
    if (target === this.pages) return err(BalloonStop.Reached);
    if (target > this.pages) return this.grow(target - this.pages);
    const wanted: u64 = min<u64>(this.pages - target, batchFrames);
    if (this.giveUnopened(wanted) || this.giveFree(wanted)) return ok();
    return err(BalloonStop.Floor);
  }

  /** Gives frames away that nothing maps; false where there are none. */
  giveUnopened(wanted: u64): boolean {
    let count: usize = 0;
    for (; this.goneFrom > firstUnopened() && count < wanted; this.goneFrom--) {
      const place = toPfn(this.goneFrom - 1);
      if (isFrame(mfnOf(place))) count = this.pick(place, count);
    }
    this.give(count);
    return count > 0;
  }

  /** Gives free frames away; false where only the reserve is left. */
  giveFree(wanted: u64): boolean {
    let count: usize = 0;
    while (count < wanted && frames.free > balloonReserve) {
      const frame = frames.allocate(Owner.P2m);
      if (!frame.ok) break;
      clearFrame(frame.value); // Xen does not, and whoever has it next could read what stood there
      count = this.pick(frame.value, count);
    }
    this.close(this.places.slice(0, count));
    this.give(count);
    return count > 0;
  }

  /** Gives these frames away, which somebody has: at most a batch. */
  giveOwn(own: Slice<Pfn>): void {
    let count: usize = 0;
    for (const frame of own) {
      clearFrame(frame);
      count = this.pick(frame, count);
    }
    this.close(own);
    this.give(count);
  }

  /** The frame of `place` has gone to another domain. */
  noteLost(place: Pfn): void {
    this.pages--;
    this.completeTo = min<u64>(this.completeTo, pfnNumber(place));
  }

  /** The place of a frame that left is empty for good: another frame may come. */
  refill(place: Pfn): void {
    this.completeTo = min<u64>(this.completeTo, pfnNumber(place));
    const grown = this.grow(1);
    if (!grown.ok) return; // the domain is one page smaller, until the toolstack wants it to grow
  }

  /** Adds a frame to the batch. */
  pick(place: Pfn, count: usize): usize {
    this.places[count] = place;
    this.list[count] = mfnOf(place);
    return count + 1;
  }

  /** Takes frames out of the direct map: no entry keeps their address. */
  close(places: Slice<Pfn>): void {
    using lock = new PteLock(pteQueue);
    for (const place of places) {
      tables.unmap(tables.kernelRoot, kernelAddress(place), 1);
      frames.withdraw(place);
    }
  }

  /** Gives the batch to Xen, which refuses only frames that are not ours. */
  give(count: usize): void {
    if (count === 0) return;
    for (const place of this.places.slice(0, count)) {
      setP2m(place, noFrame());
      this.completeTo = min<u64>(this.completeTo, pfnNumber(place));
    }
    const returned = returnFrames(this.list.slice(0, count));
    assert(returned.ok && returned.value === count, "Xen takes back what this domain has");
    this.pages -= count;
    this.given += count;
  }

  /** Asks Xen for frames, and puts them where some are missing. */
  grow(wanted: u64): Result<undefined, BalloonStop> {
    const count = this.findMissing(min<u64>(wanted, batchFrames));
    if (count === 0) return err(BalloonStop.Ceiling);
    for (let at: usize = 0; at < count; at++) this.list[at] = toMfn(pfnNumber(this.places[at]));
    const populated = populateFrames(this.list.slice(0, count));
    const got: usize = populated.ok ? min<usize>(populated.value, count) : 0;
    for (let at: usize = 0; at < got; at++) setP2m(this.places[at], this.list[at]);
    this.pages += got;
    this.taken += got;
    const used = this.open(got);
    if (used < got) this.giveBack(used, got);
    return used > 0 ? ok() : err(BalloonStop.Refused);
  }

  /** Picks the lowest places without a frame: how many there are, up to `most`. */
  findMissing(most: u64): usize {
    let count: usize = 0;
    let at: u64 = this.completeTo;
    for (; at < p2mLength() && count < most; at++) {
      if (!this.isVacant(toPfn(at))) continue;
      if (count === 0) this.completeTo = at;
      this.places[count] = toPfn(at);
      count++;
    }
    if (count === 0) this.completeTo = p2mLength();
    return count;
  }

  /** Whether a frame of Xen's may come to the place: there is none, and no page of a peer is to come. */
  isVacant(place: Pfn): boolean {
    if (isFrame(mfnOf(place))) return false;
    return frames.expected === 0 || !hasFrameRecords(place) || !frames.isExpected(place);
  }

  /** Has the first `count` of the batch used: how many could be. Those in memory that is not opened wait for that. */
  open(count: usize): usize {
    const unopened = firstUnopened();
    let opened: usize = 0;
    {
      using lock = new PteLock(pteQueue);
      while (opened < count && pfnNumber(this.places[opened]) < unopened && this.map(opened)) opened++;
    }
    for (const place of this.places.slice(0, opened)) frames.putBack(place);
    if (opened < count && pfnNumber(this.places[opened]) < unopened) return opened;
    for (const place of this.places.slice(opened, count)) {
      this.goneFrom = max<u64>(this.goneFrom, pfnNumber(place) + 1);
    }
    return count;
  }

  map(at: usize): boolean {
    const place = this.places[at];
    if (!mapFrameRecords(place)) return false;
    const one = new OneFrame(this.list[at]);
    return tables.map(tables.kernelRoot, kernelAddress(place), 1, one, writable).ok;
  }

  /** There is no memory for the tables of what has come. */
  giveBack(first: usize, end: usize): void {
    for (let at: usize = first; at < end; at++) {
      this.places[at - first] = this.places[at];
      this.list[at - first] = this.list[at];
    }
    this.give(end - first);
  }

  /** Missing frames whose place in the direct map is not empty: none, unless something is badly wrong. */
  leftovers(): u64 {
    let wrong: u64 = 0;
    for (let at: u64 = 0; at < p2mLength(); at++) {
      const place = toPfn(at);
      if (isFrame(mfnOf(place))) continue;
      if (tables.plan(tables.kernelRoot, kernelAddress(place)) !== 0) wrong++;
    }
    return wrong;
  }
}

export const balloon = new Balloon();
