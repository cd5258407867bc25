/**
 * Which machine frame is behind each of the domain's own frames, and back.
 *
 * The list is the one that the builder made. The toolstack finds it through a tree in shared_info: a frame of the numbers of
 * frames of the numbers of the list's frames. It rewrites the list when the domain is restored elsewhere, and follows it for
 * `xl dump-core` and migration, so the tree must be true from the moment on that it is announced.
 */
import { ptr, sliceAt, type Ptr } from "xenlet:unsafe";
import {
  mfnNumber,
  noVirtAddr,
  pageSize,
  pfnNumber,
  toMfn,
  toPfn,
  toVirtAddr,
  virtNumber,
  type Mfn,
  type Pfn,
  type VirtAddr,
} from "../../xen-abi/addresses.ts";
import { machineToPhysEnd, machineToPhysStart } from "../../xen-abi/arch-x86.ts";
import { invalidEntry } from "../../xen-abi/memory.ts";
import type { StartInfo } from "../../xen-abi/xen.ts";
import { isFrame, noFrame, type FrameSequence } from "./frame-sequence.ts";
import { bootstrapFrame } from "./memory-map.ts";
import { sharedInfo } from "./shared-info.ts";

const bytesPerNumber = 8;
/** Numbers in a frame. */
const perFrame = 512;
/** Frames of the list that the tree can name: enough for 512 GiB of memory. */
const treeLimit = perFrame * perFrame;

/** The builder's list: one machine frame number for each frame of the domain. */
let list: VirtAddr = noVirtAddr;
let count: u64 = 0;

/** From here on the list is known. */
export function adoptP2m(info: StartInfo): void {
  list = info.mfnList;
  count = info.nrPages;
}

/** Frames that the list has a place for; a place may be empty. */
export function p2mLength(): u64 {
  return count;
}

/** The machine frame behind `frame`, or none, where the domain does not have it. */
export function mfnOf(frame: Pfn): Mfn {
  const number = pfnNumber(frame);
  return number < count ? toMfn(place(number).load()) : noFrame();
}

/** Which of the domain's frames a machine frame is; none (`hasPfn`) for a frame of Xen's or of another domain. */
export function pfnOf(frame: Mfn): Pfn {
  const entry: u64 = machineToPhysStart + mfnNumber(frame) * bytesPerNumber;
  if (entry >= machineToPhysEnd || entry < machineToPhysStart) return toPfn(invalidEntry);
  const found = toPfn(ptr<u64>(entry).load());
  return mfnOf(found) === frame ? found : toPfn(invalidEntry);
}

export function hasPfn(frame: Pfn): boolean {
  return pfnNumber(frame) !== invalidEntry;
}

/** Notes that `frame` is backed by `backing` now, or by nothing (ballooned out, or lent to another domain). */
export function setP2m(frame: Pfn, backing: Mfn): void {
  assert(pfnNumber(frame) < count, "the p2m list has a place for the frame");
  place(pfnNumber(frame)).store(mfnNumber(backing));
}

function place(number: u64): Ptr<u64> {
  return ptr<u64>(virtNumber(list) + number * bytesPerNumber);
}

/** Frames of the domain, one after the other. */
@struct
export class DomainFrames implements FrameSequence {
  readonly first: u64;

  constructor(first: Pfn) {
    this.first = pfnNumber(first);
  }

  frameAt(index: u64): Mfn {
    return mfnOf(toPfn(this.first + index));
  }
}

/** Frames that the tree needs beside the list: its root, and one for every 512 frames of the list. */
export function p2mTreeFrames(): u64 {
  return 1 + (namedFrames() + perFrame - 1) / perFrame;
}

/**
 * Builds the tree in `frames` (as many as `p2mTreeFrames` says; each is `addresses[i]` for us) and announces it to the
 * toolstack. Of a list beyond the tree's reach, the part within is announced.
 */
export function announceP2m(frames: Slice<Pfn>, addresses: Slice<VirtAddr>): void {
  const named = namedFrames();
  const first = pfnNumber(bootstrapFrame(list));
  const root = sliceAt<Mfn>(virtNumber(addresses[0]), perFrame);
  root.fill(toMfn(0));
  for (let leaf: u64 = 0; leaf * perFrame < named; leaf++) {
    const numbers = sliceAt<Mfn>(virtNumber(addresses[leaf + 1]), perFrame);
    numbers.fill(toMfn(0));
    const here: u64 = min<u64>(named - leaf * perFrame, perFrame);
    for (let at: u64 = 0; at < here; at++) numbers[at] = mfnOf(toPfn(first + leaf * perFrame + at));
    root[leaf] = mfnOf(frames[leaf + 1]);
  }
  const arch = sharedInfo().arch;
  arch.maxPfn.store(min<u64>(count, named * perFrame), "relaxed");
  arch.pfnToMfnFrameListList.store(mfnOf(frames[0]), "release"); // last: this is what makes the rest count
}

/** Frames of the list, as far as the tree can name them. */
function namedFrames(): u64 {
  return min<u64>((count * bytesPerNumber + pageSize - 1) / pageSize, treeLimit);
}

/** Places of the list whose frame Xen's own table does not call ours: none, unless something is badly wrong. */
export function p2mDisagreements(): u64 {
  let wrong: u64 = 0;
  for (let number: u64 = 0; number < count; number++) {
    const backing = mfnOf(toPfn(number));
    if (isFrame(backing) && pfnNumber(pfnOf(backing)) !== number) wrong++;
  }
  return wrong;
}
