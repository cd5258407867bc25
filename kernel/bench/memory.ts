/** What taking and giving back memory costs. */
import { sliceAt } from "xenlet:unsafe";
import { heap } from "../mm/kernel-heap.ts";
import { frames } from "../mm/memory.ts";
import { Owner } from "../mm/owner.ts";
import { allocateStack, releaseStack, usualStackPages } from "../mm/stacks.ts";
import { kernelAddress } from "../arch/x86-xen/kernel-frames.ts";
import { pageSize, virtNumber } from "../xen-abi/addresses.ts";
import { measure } from "./measure.ts";

/** @allocates */
export function measureMemory(): void {
  measure("frame.allocate-free", 2000, 1, takeFrame);
  measure("heap.64", 2000, 1, takePiece);
  measure("stack.usual", 2000, 1, takeUsualStack);
  measure("stack.other", 20, 1, takeOtherStack);
  measureCopies();
}

/** @allocates */
function takeFrame(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    const frame = frames.allocate(Owner.Tests);
    if (!frame.ok) return;
    const released = frames.release(frame.value);
    assert(released.ok, "it was allocated just now");
  }
}

/** @allocates */
function takePiece(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    const piece = heap.take(64, Owner.Tests);
    if (!piece.ok) return;
    const given = heap.give(piece.value);
    assert(given.ok, "it was allocated just now");
  }
}

/** @allocates */
function takeUsualStack(rounds: u64): void {
  takeStacks(rounds, usualStackPages);
}

/** @allocates */
function takeOtherStack(rounds: u64): void {
  takeStacks(rounds, usualStackPages - 1);
}

/** @allocates */
function takeStacks(rounds: u64, pages: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    const stack = allocateStack(pages);
    if (!stack.ok) return;
    releaseStack(stack.value);
  }
}

const noBytes = new FixedArray<u8, 1>();
/** Two pages that the compiler knows nothing of. */
let source: Slice<u8> = noBytes;
let target: Slice<u8> = noBytes;

/** @allocates */
function measureCopies(): void {
  const one = frames.allocate(Owner.Tests);
  const other = frames.allocate(Owner.Tests);
  if (!one.ok || !other.ok) return;
  source = sliceAt<u8>(virtNumber(kernelAddress(one.value)), pageSize);
  target = sliceAt<u8>(virtNumber(kernelAddress(other.value)), pageSize);
  measure("copy.4096", 500, 1, copyPage);
  measure("copy.64", 5000, 1, copyLine);
  assert(frames.release(one.value).ok && frames.release(other.value).ok, "the frames were ours");
}

function copyPage(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) target.copyFrom(source);
}

function copyLine(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) target.slice(0, 64).copyFrom(source.slice(0, 64));
}
