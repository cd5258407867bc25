/**
 * The balloon: frames go back to Xen, and come again, while the domain runs. What goes first is memory that was never
 * opened, since nothing maps it; then free frames, whose place in the direct map becomes empty. Here is decided which; what
 * is done to memory is in balloon-memory.ts.
 */
import { pfnNumber, toPfn, type Pfn } from "../xen-abi/addresses.ts";
import type { FrameAllocator } from "./frames.ts";
import { Owner } from "./owner.ts";

/** Frames that change hands by one hypercall: 2 MiB. */
const batchFrames = 512;
/** Free frames that always stay: 1 MiB, for whatever comes suddenly. */
export const balloonReserve = 256;

/** The domain's memory, as far as the balloon changes it. Places are numbers of frames that the domain can have. */
export interface BalloonMemory {
  /** All of them, from 0 on. */
  places(): u64;
  /** From this one on nothing is mapped, and the allocator knows of nothing. */
  unopened(): u64;
  hasFrame(place: Pfn): boolean;
  /** Whether a frame from Xen may come there. */
  isVacant(place: Pfn): boolean;
  /** Overwrites what stands in a frame. */
  clear(frame: Pfn): void;
  /** Takes frames out of the direct map: no entry keeps their address. */
  unmap(places: Slice<Pfn>): void;
  /** Gives frames that nothing maps to Xen: up to a batch, by one hypercall. */
  give(places: Slice<Pfn>): void;
  /** Asks Xen for frames at vacant places: how many of these have one now, from the first on. */
  ask(places: Slice<Pfn>): usize;
  /** Maps frames: how many, from the first on, before there was no memory for their tables. @allocates */
  map(places: Slice<Pfn>): usize;
}

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
  readonly memory: BalloonMemory;
  readonly frames: FrameAllocator;
  /** Frames that the domain has. */
  pages: u64 = 0;
  /** Frames that went, and that came back, since boot. */
  given: u64 = 0;
  taken: u64 = 0;
  /** At and above this, what was never opened is gone. */
  goneFrom: u64 = 0;
  /** Below this, no place is vacant. */
  completeTo: u64 = 0;
  readonly batch = new FixedArray<Pfn, 512>();

  constructor(memory: BalloonMemory, frames: FrameAllocator) {
    this.memory = memory;
    this.frames = frames;
  }

  /** Counts what the domain has. Needs memory. */
  start(): void {
    this.goneFrom = this.memory.places();
    this.pages = 0;
    for (let at: u64 = 0; at < this.memory.places(); at++) {
      if (this.memory.hasFrame(toPfn(at))) this.pages++;
    }
  }

  /** The most frames that the domain can have. */
  ceiling(): u64 {
    return this.memory.places();
  }

  /** The fewest frames that it can have now. */
  floor(): u64 {
    return this.pages - this.unopened() - this.spare();
  }

  /** Frames that were never opened and are still there. */
  unopened(): u64 {
    const known: u64 = this.frames.total;
    return this.memory.unopened() < this.memory.places() ? this.pages - known : 0;
  }

  /** Free frames beyond the reserve. */
  spare(): u64 {
    return this.frames.free > balloonReserve ? this.frames.free - balloonReserve : 0;
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
    for (; this.goneFrom > this.memory.unopened() && count < wanted; this.goneFrom--) {
      const place = toPfn(this.goneFrom - 1);
      if (!this.memory.hasFrame(place)) continue;
      this.batch[count] = place;
      count++;
    }
    if (count > 0) this.give(this.batch.slice(0, count));
    return count > 0;
  }

  /** Gives free frames away; false where only the reserve is left. @allocates */
  giveFree(wanted: u64): boolean {
    let count: usize = 0;
    while (count < wanted && this.frames.free > balloonReserve) {
      const frame = this.frames.allocate(Owner.P2m);
      if (!frame.ok) break;
      this.batch[count] = frame.value;
      count++;
    }
    if (count > 0) this.giveOwn(this.batch.slice(0, count));
    return count > 0;
  }

  /** Gives frames away that somebody has: at most a batch. */
  giveOwn(own: Slice<Pfn>): void {
    for (const frame of own) this.memory.clear(frame); // Xen does not, and whoever has it next could read what stood there
    this.memory.unmap(own);
    for (const frame of own) this.frames.withdraw(frame);
    this.give(own);
  }

  give(places: Slice<Pfn>): void {
    this.memory.give(places);
    for (const place of places) this.noteMissing(place);
    this.given += places.length;
  }

  /** The frame of `place` is Xen's, or another domain's. */
  noteMissing(place: Pfn): void {
    this.pages--;
    this.noteVacant(place);
  }

  /** A frame from Xen may come to `place`. */
  noteVacant(place: Pfn): void {
    this.completeTo = min<u64>(this.completeTo, pfnNumber(place));
  }

  /** Asks Xen for frames, and puts them where some are missing. */
  grow(wanted: u64): Result<undefined, BalloonStop> {
    const places = this.findVacant(min<u64>(wanted, batchFrames));
    if (places.length === 0) return err(BalloonStop.Ceiling);
    const came = this.memory.ask(places);
    this.pages += came;
    this.taken += came;
    const used = this.open(places.slice(0, came));
    if (used < came) this.give(places.slice(used, came)); // there is no memory for the tables of what has come
    return used > 0 ? ok() : err(BalloonStop.Refused);
  }

  /** The lowest vacant places, `most` of them at most. */
  findVacant(most: u64): Slice<Pfn> {
    let count: usize = 0;
    for (let at: u64 = this.completeTo; at < this.memory.places() && count < most; at++) {
      if (!this.memory.isVacant(toPfn(at))) continue;
      this.batch[count] = toPfn(at);
      count++;
    }
    this.completeTo = count > 0 ? pfnNumber(this.batch[0]) : this.memory.places();
    return this.batch.slice(0, count);
  }

  /** Has what came used: how many could be. Those in memory that is not opened wait for that. @allocates */
  open(places: Slice<Pfn>): usize {
    const first = this.memory.unopened();
    let known: usize = 0;
    while (known < places.length && pfnNumber(places[known]) < first) known++;
    const mapped = this.memory.map(places.slice(0, known));
    for (const place of places.slice(0, mapped)) this.frames.putBack(place);
    if (mapped < known) return mapped;
    if (known < places.length)
      this.goneFrom = max<u64>(this.goneFrom, pfnNumber(places[places.length - 1]) + 1);
    return places.length;
  }
}
