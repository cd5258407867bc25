/**
 * What whole operations on memory cost in both modes of the pte queue: rights of a range, a range with a table of its own, an
 * address space from its making to its end, stacks, pieces of the heap. docs/pte-queue.md
 */
import { mmuextOp } from "../arch/x86-xen/hypercall/mmu.ts";
import { createSpace, destroySpace } from "../arch/x86-xen/address-space.ts";
import { OneFrame } from "../arch/x86-xen/frame-sequence.ts";
import { exerciseBase } from "../arch/x86-xen/memory-layout.ts";
import { mfnOf } from "../arch/x86-xen/p2m.ts";
import { readOnly, writable } from "../arch/x86-xen/page-entry.ts";
import { PteLock } from "../arch/x86-xen/pte-queue.ts";
import { heap } from "../mm/kernel-heap.ts";
import { frames, pteQueue, tables } from "../mm/memory.ts";
import { Owner } from "../mm/owner.ts";
import { allocateStack, releaseStack, usualStackPages } from "../mm/stacks.ts";
import { noMfn, toVirtAddr, type Mfn } from "../xen-abi/addresses.ts";
import { MmuextCommand, MmuextOp } from "../xen-abi/mmu.ts";
import { measure, note } from "./measure.ts";

/** Pages of a range: one table. */
const pages = 512;
/** A table of its own, beside those of the other benchmarks. */
const range = exerciseBase + 0x1000000000;
/** In the lower half, where a new space has nothing. */
const lowAddress = 0x40000000;

const invalidations = new FixedArray<MmuextOp, 8>();
let target: Mfn = noMfn;

/** @allocates */
export function measureAddressSpaces(): void {
  const frame = frames.allocate(Owner.Tests);
  if (!frame.ok) return;
  target = mfnOf(frame.value);
  measureInvalidations();
  measureMode(false);
  measureMode(true);
  measure("heap.64", 2000, 1, takePiece);
  measure("stack.usual", 200, 1, useUsualStack);
  measure("stack.other", 50, 1, useOtherStack);
  const released = frames.release(frame.value);
  assert(released.ok, "nothing maps it any more");
}

function measureInvalidations(): void {
  for (const [index, operation] of invalidations.entries()) {
    operation.cmd = MmuextCommand.InvlpgLocal;
    operation.arg1.linearAddr = range + index * 4096;
  }
  measure("tlb.page", 500, 1, invalidateOne);
  measure("tlb.page8", 500, 8, invalidateEight);
}

function invalidateOne(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    const done = mmuextOp(invalidations.slice(0, 1));
    assert(!done.refused, "everybody may flush its TLB");
  }
}

function invalidateEight(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    const done = mmuextOp(invalidations);
    assert(!done.refused, "everybody may flush its TLB");
  }
}

function measureMode(eager: boolean): void {
  const before = pteQueue.eager;
  pteQueue.eager = eager;
  mapRange();
  measure(eager ? "eager.protect512" : "queue.protect512", 10, pages, protectRange);
  unmapRange();
  measure(eager ? "eager.space-empty" : "queue.space-empty", 20, 1, liveEmpty);
  measure(eager ? "eager.space-512" : "queue.space-512", 20, 1, liveFull);
  const calls = pteQueue.counters.hypercalls;
  liveFull(1);
  note(
    eager ? "eager.space-512.hypercalls" : "queue.space-512.hypercalls",
    pteQueue.counters.hypercalls - calls,
    "calls",
  );
  pteQueue.eager = before;
}

function mapRange(): void {
  using lock = new PteLock(pteQueue);
  const frame = new OneFrame(target);
  const mapped = tables.map(tables.kernelRoot, toVirtAddr(range), pages, frame, writable);
  assert(mapped.ok, "the range is free");
}

function unmapRange(): void {
  using lock = new PteLock(pteQueue);
  tables.unmap(tables.kernelRoot, toVirtAddr(range), pages);
}

/** Each page becomes read-only, or writable again. */
function protectRange(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    using lock = new PteLock(pteQueue);
    tables.protect(tables.kernelRoot, toVirtAddr(range), pages, (round & 1) === 0 ? readOnly : writable);
  }
}

/** An address space with nothing in it, made and ended. */
function liveEmpty(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    const space = createSpace(tables);
    assert(space.ok, "there is memory for a space");
    destroySpace(tables, space.value);
  }
}

/** The same with 512 pages, which need three tables. */
function liveFull(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    const space = createSpace(tables);
    assert(space.ok, "there is memory for a space");
    mapIn(space.value);
    destroySpace(tables, space.value);
  }
}

function mapIn(space: Mfn): void {
  using lock = new PteLock(pteQueue);
  const frame = new OneFrame(target);
  const mapped = tables.map(space, toVirtAddr(lowAddress), pages, frame, writable);
  assert(mapped.ok, "a new space is empty");
}

function takePiece(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    const piece = heap.take(64, Owner.Tests);
    assert(piece.ok, "there is memory");
    const released = heap.give(piece.value);
    assert(released.ok, "it was given out");
  }
}

/** Of the size that is kept mapped. */
function useUsualStack(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) useStack(usualStackPages);
}

/** Mapped and unmapped each time. */
function useOtherStack(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) useStack(usualStackPages + 1);
}

function useStack(count: u64): void {
  const stack = allocateStack(count);
  assert(stack.ok, "there is memory");
  releaseStack(stack.value);
}
