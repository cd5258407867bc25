/** What the balloon does to memory. The p2m list is true at every moment at which somebody else can look at it. */
import { isFrame, noFrame, OneFrame } from "../arch/x86-xen/frame-sequence.ts";
import { populateFrames, returnFrames } from "../arch/x86-xen/hypercall/memory.ts";
import { kernelAddress } from "../arch/x86-xen/kernel-frames.ts";
import { mfnOf, p2mLength, setP2m } from "../arch/x86-xen/p2m.ts";
import { writable } from "../arch/x86-xen/page-entry.ts";
import { PteLock } from "../arch/x86-xen/pte-queue.ts";
import { pfnNumber, toMfn, toPfn, type Mfn, type Pfn } from "../xen-abi/addresses.ts";
import { Balloon, type BalloonMemory } from "./balloon.ts";
import {
  clearFrame,
  firstUnopened,
  frames,
  hasFrameRecords,
  mapFrameRecords,
  pteQueue,
  tables,
} from "./memory.ts";

@struct
class XenBalloonMemory implements BalloonMemory {
  /** What Xen is told, and answers; as many as a batch has. */
  readonly list = new FixedArray<Mfn, 512>();

  places(): u64 {
    return p2mLength();
  }

  unopened(): u64 {
    return firstUnopened();
  }

  hasFrame(place: Pfn): boolean {
    return isFrame(mfnOf(place));
  }

  isVacant(place: Pfn): boolean {
    if (this.hasFrame(place)) return false;
    return frames.expected === 0 || !hasFrameRecords(place) || !frames.isExpected(place);
  }

  clear(frame: Pfn): void {
    clearFrame(frame);
  }

  unmap(places: Slice<Pfn>): void {
    using lock = new PteLock(pteQueue);
    for (const place of places) tables.unmap(tables.kernelRoot, kernelAddress(place), 1);
  }

  give(places: Slice<Pfn>): void {
    for (const [at, place] of places.entries()) {
      this.list[at] = mfnOf(place);
      setP2m(place, noFrame());
    }
    const returned = returnFrames(this.list.slice(0, places.length));
    assert(returned.ok && returned.value === places.length, "Xen takes back what this domain has");
  }

  ask(places: Slice<Pfn>): usize {
    for (const [at, place] of places.entries()) this.list[at] = toMfn(pfnNumber(place));
    const populated = populateFrames(this.list.slice(0, places.length));
    const came: usize = populated.ok ? min<usize>(populated.value, places.length) : 0;
    for (let at: usize = 0; at < came; at++) setP2m(places[at], this.list[at]);
    return came;
  }

  map(places: Slice<Pfn>): usize {
    using lock = new PteLock(pteQueue);
    let count: usize = 0;
    while (count < places.length && this.mapOne(places[count])) count++;
    return count;
  }

  mapOne(place: Pfn): boolean {
    if (!mapFrameRecords(place)) return false;
    const one = new OneFrame(mfnOf(place));
    return tables.map(tables.kernelRoot, kernelAddress(place), 1, one, writable).ok;
  }

  /** Missing frames whose place in the direct map is not empty: none, unless something is badly wrong. */
  leftovers(): u64 {
    let wrong: u64 = 0;
    for (let at: u64 = 0; at < p2mLength(); at++) {
      const place = toPfn(at);
      if (!this.hasFrame(place) && tables.plan(tables.kernelRoot, kernelAddress(place)) !== 0) wrong++;
    }
    return wrong;
  }
}

export const balloonMemory = new XenBalloonMemory();
/** The balloon of this domain. */
export const balloon = new Balloon(balloonMemory, frames);
