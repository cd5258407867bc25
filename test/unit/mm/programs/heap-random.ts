//> 200000 steps: every byte stayed its owner's
//> tests hold 0 pieces, 0 bytes
//> in the middle false, twice false, never false
/** Random pieces and blocks, each filled with a pattern that must stay until it is given back. */
import { print } from "xenlet:host";
import { addressOf, sliceAt } from "xenlet:unsafe";
import { Heap } from "../../../../kernel/mm/heap.ts";
import { Owner } from "../../../../kernel/mm/owner.ts";
import { hostAllocator, hostFrames, startHostMemory } from "../../../fakes/host-memory.ts";

const holders = 400;
const heap = new Heap(hostAllocator, hostFrames);
const addresses = new FixedArray<u64, 400>();
const lengths = new FixedArray<u32, 400>();
let random: u64 = 4711;

export function main(): i32 {
  startHostMemory(512);
  for (let step: u32 = 0; step < 200000; step++) {
    const holder = below(holders);
    if (addresses[holder] === 0) take(holder);
    else give(holder);
  }
  for (let holder: u64 = 0; holder < holders; holder++) {
    if (addresses[holder] !== 0) give(holder);
  }
  print("200000 steps: every byte stayed its owner's");
  print(`tests hold ${heap.pieces[Owner.Tests]} pieces, ${heap.bytes[Owner.Tests]} bytes`);
  showFaults();
  return 0;
}

function take(holder: u64): void {
  const length: u64 = below(20) === 0 ? 1 + below(30000) : 1 + below(2100);
  const bytes = heap.allocate(length, Owner.Tests);
  if (!bytes.ok) return;
  assert((addressOf(bytes.value) & 15) === 0, "memory is aligned to 16");
  for (const byte of bytes.value) assert(byte === 0, "memory comes clear");
  bytes.value.fill(holder as u8);
  addresses[holder] = addressOf(bytes.value);
  lengths[holder] = length as u32;
}

function give(holder: u64): void {
  const bytes = sliceAt<u8>(addresses[holder], lengths[holder]);
  for (const byte of bytes) assert(byte === (holder as u8), "memory belongs to one");
  const released = heap.release(bytes);
  assert(released.ok, "what was given out is taken back");
  addresses[holder] = 0;
}

function showFaults(): void {
  const bytes = heap.allocate(100, Owner.Tests);
  assert(bytes.ok, "there is memory");
  const start = addressOf(bytes.value);
  const middle = heap.give(start + 8);
  const once = heap.give(start);
  const twice = heap.give(start);
  const never = heap.give(start + 40 * 4096);
  assert(once.ok, "it was given out");
  print(`in the middle ${middle.ok}, twice ${twice.ok}, never ${never.ok}`);
}

function below(limit: u64): u64 {
  random ^= random >> 12;
  random ^= random << 25;
  random ^= random >> 27;
  return multiplyHigh(random * 0x2545f4914f6cdd1d, limit);
}
