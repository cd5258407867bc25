/**
 * What memory operations cost, each way to Xen beside the others: docs/pte-queue.md has the table. Figures are the mean of
 * many rounds; run it with QEMU's instruction counter for numbers that repeat.
 */
import { multicall, xenVersion } from "../arch/x86-xen/hypercall.ts";
import { createSpace, destroySpace } from "../arch/x86-xen/address-space.ts";
import { OneFrame } from "../arch/x86-xen/frame-sequence.ts";
import { exerciseBase } from "../arch/x86-xen/memory-layout.ts";
import type { Progress } from "../arch/x86-xen/mmu-door.ts";
import { mfnOf } from "../arch/x86-xen/p2m.ts";
import { pageEntry, readOnly, writable, type PageFlags } from "../arch/x86-xen/page-entry.ts";
import { PteLock } from "../arch/x86-xen/pte-queue.ts";
import { systemTime } from "../arch/x86-xen/system-time.ts";
import type { Printer } from "../lib/printer.ts";
import { pageSize, toVirtAddr, virtNumber, type Mfn, type VirtAddr } from "../xen-abi/addresses.ts";
import { MmuextCommand, MmuextOp, MmuUpdate, slotOf } from "../xen-abi/mmu.ts";
import { VersionOp } from "../xen-abi/version.ts";
import { FlushMode, Hypercall, MulticallEntry } from "../xen-abi/xen.ts";
import { heap } from "./kernel-heap.ts";
import { frames, pteQueue, tables } from "./memory.ts";
import { Owner } from "./owner.ts";
import { allocateStack, releaseStack, usualStackPages } from "./stacks.ts";

/** Pages of the benchmark: one whole table, beyond where the page-table test works. */
const pages = 512;
const rounds = 20;
const window: u64 = exerciseBase + 0x3f80000000;

const requests = new FixedArray<MmuUpdate, 512>();
const calls = new FixedArray<MulticallEntry, 512>();
const operations = new FixedArray<MmuextOp, 8>();

/** Prints a line for each operation. @allocates */
export function benchMemory(printer: Printer): void {
  const frame = frames.allocate(Owner.Tests);
  if (!frame.ok) return;
  const mfn = mfnOf(frame.value);
  mapWindow(mfn);
  printer.print("per operation, in ns");
  benchFloor(printer);
  for (const batch of batches) benchUpdates(printer, mfn, batch);
  benchSame(printer, mfn);
  benchVaMapping(printer, mfn, FlushMode.None, "update_va_mapping");
  benchVaMapping(printer, mfn, FlushMode.OnePage, "update_va_mapping with INVLPG");
  for (const batch of batches) benchMulticall(printer, mfn, batch);
  benchFlushes(printer);
  benchProtect(printer, false);
  benchProtect(printer, true);
  benchNewTable(printer, mfn, false);
  benchNewTable(printer, mfn, true);
  benchAllocators(printer);
  unmapWindow();
  const released = frames.release(frame.value);
  assert(released.ok, "nothing maps it any more");
}

const batches: FixedArray<u32, 5> = [1, 2, 8, 64, 512];

function mapWindow(mfn: Mfn): void {
  using lock = new PteLock(pteQueue);
  const frame = new OneFrame(mfn);
  const mapped = tables.map(tables.kernelRoot, toVirtAddr(window), pages, frame, writable);
  assert(mapped.ok, "the window is free");
}

function unmapWindow(): void {
  using lock = new PteLock(pteQueue);
  tables.unmap(tables.kernelRoot, toVirtAddr(window), pages);
}

function pageOf(index: u64): VirtAddr {
  return toVirtAddr(window + index * pageSize);
}

/** A hypercall that does next to nothing: below this, no way to Xen goes. */
function benchFloor(printer: Printer): void {
  const start = systemTime();
  for (let round: u64 = 0; round < 1000; round++) {
    const answer = xenVersion(VersionOp.Version, 0);
    assert(answer.ok, "Xen says its version");
  }
  report(printer, "null hypercall", start, 1000);
}

/** `mmu_update`, `batch` entries a call; each entry changes between read-only and writable. */
function benchUpdates(printer: Printer, mfn: Mfn, batch: u64): void {
  const table = tables.leafTable(tables.kernelRoot, window).table;
  const start = systemTime();
  for (let round: u64 = 0; round < rounds; round++) {
    for (let index: u64 = 0; index < pages; index++) {
      requests[index].slot = slotOf(table, index);
      requests[index].val = pageEntry(mfn, flagsOf(round));
    }
    for (let index: u64 = 0; index < pages; index += batch)
      must(pteQueue.door.update(requests.slice(index, index + batch)));
  }
  report(printer, `mmu_update, ${batch} a call`, start, rounds * pages);
}

function benchSame(printer: Printer, mfn: Mfn): void {
  const table = tables.leafTable(tables.kernelRoot, window).table;
  requests[0].slot = slotOf(table, 0);
  requests[0].val = pageEntry(mfn, writable);
  const start = systemTime();
  for (let round: u64 = 0; round < 1000; round++) must(pteQueue.door.update(requests.slice(0, 1)));
  report(printer, "mmu_update, the value that is there", start, 1000);
}

function benchVaMapping(printer: Printer, mfn: Mfn, flush: FlushMode, name: string): void {
  const start = systemTime();
  for (let round: u64 = 0; round < rounds; round++) {
    const entry = pageEntry(mfn, flagsOf(round));
    for (let index: u64 = 0; index < pages; index++)
      must(pteQueue.door.updateMapping(pageOf(index), entry, flush));
  }
  report(printer, name, start, rounds * pages);
}

function benchMulticall(printer: Printer, mfn: Mfn, batch: u64): void {
  const start = systemTime();
  for (let round: u64 = 0; round < rounds; round++) {
    for (let index: u64 = 0; index < pages; index++) {
      const call = calls[index];
      call.op = Hypercall.UpdateVaMapping;
      call.args[0] = virtNumber(pageOf(index));
      call.args[1] = pageEntry(mfn, flagsOf(round));
      call.args[2] = FlushMode.None;
    }
    for (let index: u64 = 0; index < pages; index += batch) {
      const made = multicall(calls.slice(index, index + batch));
      assert(made.ok, "Xen takes a multicall");
    }
  }
  report(printer, `update_va_mapping, ${batch} a multicall`, start, rounds * pages);
}

function benchFlushes(printer: Printer): void {
  for (const [index, operation] of operations.entries()) {
    operation.cmd = MmuextCommand.InvlpgLocal;
    operation.arg1.linearAddr = virtNumber(pageOf(index));
  }
  let start = systemTime();
  for (let round: u64 = 0; round < 500; round++) must(pteQueue.door.extend(operations.slice(0, 1)));
  report(printer, "mmuext_op, one page's flush", start, 500);
  start = systemTime();
  for (let round: u64 = 0; round < 500; round++) must(pteQueue.door.extend(operations));
  report(printer, "mmuext_op, 8 pages' flush, each", start, 4000);
  operations[0].cmd = MmuextCommand.TlbFlushLocal;
  start = systemTime();
  for (let round: u64 = 0; round < 500; round++) must(pteQueue.door.extend(operations.slice(0, 1)));
  report(printer, "mmuext_op, the whole TLB's flush", start, 500);
}

/** The queue's own way, with everything that it looks at and all flushes. */
function benchProtect(printer: Printer, eager: boolean): void {
  const before = pteQueue.eager;
  pteQueue.eager = eager;
  const calls_ = pteQueue.counters.hypercalls;
  const start = systemTime();
  for (let round: u64 = 0; round < rounds; round++) {
    using lock = new PteLock(pteQueue);
    tables.protect(tables.kernelRoot, pageOf(0), pages, flagsOf(round));
  }
  report(
    printer,
    eager ? "queue, protect 512 pages, eager, each" : "queue, protect 512 pages, batched, each",
    start,
    rounds * pages,
  );
  printer.print(`  ${pteQueue.counters.hypercalls - calls_} hypercalls`);
  pteQueue.eager = before;
}

/** Mapping 512 pages where there is no table yet, in a new space. */
function benchNewTable(printer: Printer, mfn: Mfn, eager: boolean): void {
  const before = pteQueue.eager;
  pteQueue.eager = eager;
  const frame = new OneFrame(mfn);
  const calls_ = pteQueue.counters.hypercalls;
  let took: u64 = 0;
  let made: u64 = 0;
  let ended: u64 = 0;
  for (let round: u64 = 0; round < rounds; round++) {
    const begin = systemTime();
    const space = createSpace(tables);
    assert(space.ok, "there is memory for a space");
    const start = systemTime();
    mapIn(space.value, frame);
    const middle = systemTime();
    destroySpace(tables, space.value);
    made += start - begin;
    took += middle - start;
    ended += systemTime() - middle;
  }
  const mode = eager ? "eager" : "batched";
  printer.print(`${took / (rounds * pages)}  queue, map 512 pages with a new table, ${mode}, each`);
  printer.print(`${made / rounds}  new address space, ${mode}`);
  printer.print(`${ended / rounds}  address space with 512 pages torn down, ${mode}`);
  printer.print(`  ${(pteQueue.counters.hypercalls - calls_) / rounds} hypercalls for the three`);
  pteQueue.eager = before;
}

function mapIn(space: Mfn, frame: OneFrame): void {
  using lock = new PteLock(pteQueue);
  const mapped = tables.map(space, toVirtAddr(0x40000000), pages, frame, writable);
  assert(mapped.ok, "a new space is empty");
}

function benchAllocators(printer: Printer): void {
  let start = systemTime();
  for (let round: u64 = 0; round < 1000; round++) {
    const frame = frames.allocate(Owner.Tests);
    assert(frame.ok, "there is a frame");
    const released = frames.release(frame.value);
    assert(released.ok, "it was given out");
  }
  report(printer, "frame, allocated and released", start, 1000);
  start = systemTime();
  for (let round: u64 = 0; round < 1000; round++) {
    const piece = heap.take(64, Owner.Tests);
    assert(piece.ok, "there is memory");
    const released = heap.give(piece.value);
    assert(released.ok, "it was given out");
  }
  report(printer, "64 bytes of the heap, taken and given", start, 1000);
  useStack(usualStackPages); // the first one is mapped, and kept
  start = systemTime();
  for (let round: u64 = 0; round < 100; round++) useStack(usualStackPages);
  report(printer, "a stack of the usual size", start, 100);
  start = systemTime();
  for (let round: u64 = 0; round < 100; round++) useStack(usualStackPages + 1);
  report(printer, "a stack of another size", start, 100);
}

function useStack(count: u64): void {
  const stack = allocateStack(count);
  assert(stack.ok, "there is memory");
  releaseStack(stack.value);
}

function flagsOf(round: u64): PageFlags {
  return (round & 1) === 0 ? readOnly : writable;
}

function must(progress: Progress): void {
  assert(!progress.refused, "Xen takes what the benchmark asks for");
}

function report(printer: Printer, name: Template, start: u64, count: u64): void {
  printer.print(`${(systemTime() - start) / count}  ${name}`);
}
