//> 100000 steps: no frame was given out twice, none is lost
//> while granted: the frame is granted to a peer; end the grant first
//> twice: given back, but not given out: twice, or never
//> 1024 frames: more than is given in one piece
//> after the last: out of memory: every frame of the domain is in use
//> on request: out of memory: every frame of the domain is in use
//> 0 frames are missing
/** Random blocks of frames against a map of who has what; memory that comes in pieces, with a hole. */
import { print } from "xenlet:host";
import { describeMemoryFault, type MemoryFault } from "../../../../kernel/lib/memory-fault.ts";
import { framesOf } from "../../../../kernel/mm/frames.ts";
import { Owner } from "../../../../kernel/mm/owner.ts";
import { pfnNumber, toPfn, type Pfn } from "../../../../kernel/xen-abi/addresses.ts";
import { hostAllocator, hostFrameCount, pieces, startHostMemory } from "../../../fakes/host-memory.ts";

const holders = 300;
const taken = new FixedArray<u8, 2048>();
const blocks = new FixedArray<u32, 300>();
const orders = new FixedArray<u8, 300>();
let random: u64 = 12345;

export function main(): i32 {
  startHostMemory(500);
  pieces.next = 512;
  pieces.end = 1536; // frames 500 to 511, and those from 1536 on, are holes
  for (let step: u32 = 0; step < 100000; step++) {
    const holder = below(holders);
    if (blocks[holder] === 0) take(holder);
    else give(holder);
    assert(countFree(), "the free lists hold what is free");
  }
  for (let holder: u64 = 0; holder < holders; holder++) {
    if (blocks[holder] !== 0) give(holder);
  }
  const all: u64 = 499 + 1024;
  if (hostAllocator.free === all) print("100000 steps: no frame was given out twice, none is lost");
  else print(`${all - hostAllocator.free} frames are lost`);
  showFaults();
  refuseOnRequest();
  return 0;
}

function take(holder: u64): void {
  const order: u32 = below(8) === 0 ? (below(10) as u32) : (below(3) as u32);
  const block = hostAllocator.allocateBlock(order, Owner.Tests);
  if (!block.ok) return;
  const first = pfnNumber(block.value);
  assert((first & (framesOf(order) - 1)) === 0, "a block is aligned to its size");
  for (let at: u64 = 0; at < framesOf(order); at++) {
    const frame: u64 = first + at;
    assert(frame > 0 && (frame < 500 || (frame >= 512 && frame < 1536)), "only what was added is given out");
    assert(taken[frame] === 0, "a frame is given out once");
    taken[frame] = 1;
  }
  blocks[holder] = first as u32;
  orders[holder] = order as u8;
}

function give(holder: u64): void {
  const released = hostAllocator.release(toPfn(blocks[holder]));
  assert(released.ok, "what was given out is taken back");
  for (let at: u64 = 0; at < framesOf(orders[holder]); at++) taken[blocks[holder] + at] = 0;
  blocks[holder] = 0;
}

/** Now and then, walks every free list. */
function countFree(): boolean {
  if (below(500) !== 0) return true;
  let free: u64 = 0;
  for (let order: u32 = 0; order < 10; order++) {
    for (
      let block: u32 = hostAllocator.heads[order];
      block !== 0;
      block = hostAllocator.records[block].next
    ) {
      for (let at: u64 = 0; at < framesOf(order); at++) {
        if (taken[block + at] !== 0) return false;
      }
      free += framesOf(order);
    }
  }
  return free + hostAllocator.keptCount === hostAllocator.free;
}

function showFaults(): void {
  const frame = must(hostAllocator.allocate(Owner.Tests));
  const granted = hostAllocator.grant(frame);
  assert(granted.ok, "an allocated frame can be granted");
  const still = hostAllocator.release(frame);
  hostAllocator.endGrant(frame);
  const done = hostAllocator.release(frame);
  const twice = hostAllocator.release(frame);
  const large = hostAllocator.allocateBlock(10, Owner.Tests);
  const free = hostAllocator.free;
  for (let at: u64 = 0; at < free; at++) must(hostAllocator.allocate(Owner.Tests));
  const beyond = hostAllocator.allocate(Owner.Tests);
  assert(done.ok && free === 499 + 1024, "every frame can be had");
  print(`while granted: ${wordsOf(still)}`);
  print(`twice: ${wordsOf(twice)}`);
  print(`1024 frames: ${large.ok ? "given" : describeMemoryFault(large.error)}`);
  print(`after the last: ${beyond.ok ? "given" : describeMemoryFault(beyond.error)}`);
  for (let at: u64 = 0; at < hostFrameCount; at++) {
    if (!hostAllocator.isUsed(at)) continue;
    const returned = hostAllocator.release(toPfn(at));
    assert(returned.ok, "every frame comes back");
  }
}

function refuseOnRequest(): void {
  const before = hostAllocator.free;
  hostAllocator.allowance = 1;
  const frame = must(hostAllocator.allocate(Owner.Tests));
  const refused = hostAllocator.allocate(Owner.Tests);
  hostAllocator.allowance = 0xffffffffffffffff;
  const returned = hostAllocator.release(frame);
  assert(returned.ok, "it was given out");
  print(`on request: ${refused.ok ? "given" : describeMemoryFault(refused.error)}`);
  print(`${before - hostAllocator.free} frames are missing`);
}

function wordsOf(outcome: Result<undefined, MemoryFault>): string {
  return outcome.ok ? "taken back" : describeMemoryFault(outcome.error);
}

function must(block: Result<Pfn, MemoryFault>): Pfn {
  assert(block.ok, "there is memory");
  return block.value;
}

function below(limit: u64): u64 {
  random ^= random >> 12;
  random ^= random << 25;
  random ^= random >> 27;
  return multiplyHigh(random * 0x2545f4914f6cdd1d, limit);
}
