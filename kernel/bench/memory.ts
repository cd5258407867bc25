/** What taking and giving back memory costs. */
import { sliceAt } from "xenlet:unsafe";
import { frames } from "../mm/memory.ts";
import { Owner } from "../mm/owner.ts";
import { kernelAddress } from "../arch/x86-xen/kernel-frames.ts";
import { pageSize, virtNumber } from "../xen-abi/addresses.ts";
import { measure } from "./measure.ts";

/** @allocates */
export function measureMemory(): void {
  measure("frame.allocate-free", 2000, 1, takeFrame);
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
