/** Running out of memory, on Xen itself: `test=memory`. Everything is taken, used, refused, and given back. */
import { ptr } from "xenlet:unsafe";
import { isFrame, noFrame } from "../arch/x86-xen/frame-sequence.ts";
import { returnFrames } from "../arch/x86-xen/hypercall/memory.ts";
import { bootstrapFrameCount, kernelAddress } from "../arch/x86-xen/kernel-frames.ts";
import { mfnOf, p2mDisagreements, p2mLength, setP2m } from "../arch/x86-xen/p2m.ts";
import * as log from "../lib/log.ts";
import { describeMemoryFault, type MemoryFault } from "../lib/memory-fault.ts";
import { panic } from "../lib/panic.ts";
import { LogPrinter } from "../lib/printer.ts";
import { pfnNumber, toPfn, virtNumber, type Mfn, type Pfn } from "../xen-abi/addresses.ts";
import { heap } from "../mm/kernel-heap.ts";
import { frames, growMemory, pteQueue } from "../mm/memory.ts";
import { MemoryMark } from "../mm/memory-report.ts";
import { Owner } from "../mm/owner.ts";
import { allocateStack, releaseStack, type Stack } from "../mm/stacks.ts";
import { sleep } from "../sched/scheduler.ts";
import { extent } from "./self-test.ts";

/** Ends a chain: frame 0 is never free. */
const nothing = 0;
const millisecond = 1000000;

/** Takes at most `extent.count` frames, then pieces of the heap and stacks, until there are no more. @allocates */
export function testMemory(): void {
  if (p2mDisagreements() > 0) panic("the p2m list and Xen's table disagree");
  const holes = makeHoles();
  while (growMemory()) continue;
  log.info(`all memory is opened: ${frames.total} pages, ${frames.free} free, ${holes} holes`);
  if (frames.total + holes !== p2mLength()) panic("pages are missing");
  const mark = new MemoryMark();
  takeFrames(extent.count);
  takePieces();
  takeStacks();
  if (mark.printLeaks(new LogPrinter()) > 0) panic("memory was lost");
  log.info("memory: everything was taken, used, refused and given back");
}

const burst = new FixedArray<Pfn, 1500>();

/** `test=memory-ahead`, in a task: after some idle time a burst of allocations costs no hypercall. @blocks */
export function testMemoryAhead(): void {
  const before = frames.free;
  sleep(200 * millisecond);
  const calls = pteQueue.counters.hypercalls;
  for (let at: usize = 0; at < burst.length; at++) {
    const frame = frames.allocate(Owner.Tests);
    if (!frame.ok) panic(`frame ${at} of the burst: ${describeMemoryFault(frame.error)}`);
    burst[at] = frame.value;
  }
  const after = pteQueue.counters.hypercalls;
  for (const frame of burst) give(frames.release(frame));
  log.info(
    `memory: ${before} pages free, then ${frames.free}; a burst of ${burst.length} took ${after - calls} hypercalls`,
  );
}

/** Gives every third of some frames that are not opened yet back to Xen, and a whole 2 MiB: how many that are. */
function makeHoles(): u64 {
  const first: u64 = bootstrapFrameCount() + 512;
  const lone = returnEach(first + 100, first + 400, 3);
  return lone + returnEach(first + 1024, first + 1536, 1);
}

function returnEach(first: u64, end: u64, step: u64): u64 {
  const list = new FixedArray<Mfn, 1>();
  let returned: u64 = 0;
  for (let frame: u64 = first; frame < end && frame < p2mLength(); frame += step) {
    list[0] = mfnOf(toPfn(frame));
    const taken = returnFrames(list);
    if (!taken.ok || taken.value !== 1) panic(`Xen does not take frame ${frame} back`);
    setP2m(toPfn(frame), noFrame());
    returned++;
  }
  return returned;
}

/** Each frame holds the number of the one before it, and its own. */
function takeFrames(count: u64): void {
  let last: u64 = nothing;
  let taken: u64 = 0;
  let highest: u64 = 0;
  for (; taken < count; taken++) {
    const frame = frames.allocate(Owner.Tests);
    if (!frame.ok) {
      log.info(`frames: ${describeMemoryFault(frame.error)}`);
      break;
    }
    const words = ptr<u64>(wordsOf(frame.value));
    if (!isFrame(mfnOf(frame.value))) panic(`hole ${pfnNumber(frame.value)} was given out`);
    words.store(last);
    words.add(511).store(pfnNumber(frame.value));
    last = pfnNumber(frame.value);
    highest = max<u64>(highest, last);
  }
  log.info(`frames: ${taken} taken, the highest is ${highest}`);
  while (last !== nothing) {
    const words = ptr<u64>(wordsOf(toPfn(last)));
    if (words.add(511).load() !== last) panic(`frame ${last} was given out twice`);
    const frame = toPfn(last);
    last = words.load();
    give(frames.release(frame));
    taken--;
  }
  if (taken !== 0) panic(`${taken} frames are missing`);
}

/** Pieces of all sizes, each holding the address of the one before it. */
function takePieces(): void {
  let last: u64 = 0;
  let taken: u64 = 0;
  for (let length: u64 = 16; ; length = length < 9000 ? length + 40 : 16) {
    const piece = heap.take(length, Owner.Tests);
    if (!piece.ok) {
      log.info(`heap: ${describeMemoryFault(piece.error)}`);
      break;
    }
    ptr<u64>(piece.value).store(last);
    last = piece.value;
    taken++;
  }
  log.info(`heap: ${taken} pieces taken`);
  while (last !== 0) {
    const address = last;
    last = ptr<u64>(address).load();
    give(heap.give(address));
  }
}

/** Stacks of 15 pages, each holding the bounds of the one before it at its top. */
function takeStacks(): void {
  let last: Stack = { bottom: 0, top: 0 };
  let taken: u64 = 0;
  for (;;) {
    const stack = allocateStack(15);
    if (!stack.ok) {
      log.info(`stacks: ${describeMemoryFault(stack.error)}`);
      break;
    }
    const words = ptr<u64>(stack.value.top);
    words.add(-1).store(last.bottom);
    words.add(-2).store(last.top);
    last = stack.value;
    taken++;
  }
  log.info(`stacks: ${taken} taken`);
  while (last.top !== 0) {
    const words = ptr<u64>(last.top);
    const before: Stack = { bottom: words.add(-1).load(), top: words.add(-2).load() };
    releaseStack(last);
    last = before;
  }
}

function give(outcome: Result<undefined, MemoryFault>): void {
  if (!outcome.ok) panic(`memory cannot be given back: ${describeMemoryFault(outcome.error)}`);
}

function wordsOf(frame: Pfn): u64 {
  return virtNumber(kernelAddress(frame));
}
