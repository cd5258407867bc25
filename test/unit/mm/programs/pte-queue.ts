//> 10 pages in a table that is there: 1 calls, 10 entries
//> the same again: 0 calls, 10 skipped
//> peeked while it waits: present, 0 calls
//> read while it waits: present, 1 calls
//> one page unmapped: 1 calls, alone 1, pages flushed 1
//> two pages unmapped: 2 calls, pages flushed 2
//> five pages unmapped: 2 calls, pages flushed 0, whole flushes 1
//> 600 entries under one lock: full 1, largest 512
//> mapped, changed and unmapped in one lock: 2 calls, then absent
//> refused: page-table write, EINVAL, invalid argument
//> after the refusal the rest is done: true
//> no memory: out of memory: every frame of the domain is in use, nothing stays mapped: true
//> mapped already: something is mapped there already, the old mapping stays: true
/** The queue's promises, one by one, on the simulated machine. */
import { print } from "xenlet:host";
import { ListedFrames, OneFrame } from "../../../../kernel/arch/x86-xen/frame-sequence.ts";
import { pageEntry, readOnly, writable } from "../../../../kernel/arch/x86-xen/page-entry.ts";
import { entryFrame, isPresent, tableIndex } from "../../../../kernel/arch/x86-xen/page-table-entry.ts";
import { PteCounters, PteLock } from "../../../../kernel/arch/x86-xen/pte-queue.ts";
import { describeMemoryFault } from "../../../../kernel/lib/memory-fault.ts";
import { toVirtAddr, type Mfn, type VirtAddr } from "../../../../kernel/xen-abi/addresses.ts";
import { describeErrno } from "../../../../kernel/xen-abi/errno.ts";
import { slotOf, type EntrySlot } from "../../../../kernel/xen-abi/mmu.ts";
import {
  allocator,
  dataFrames,
  lastRefusal,
  lastRefused,
  machine,
  queue,
  startMachine,
  tables,
} from "../../../fakes/xen-machine.ts";

const base = 0xffffce0000000000;
const before = new PteCounters();

export function main(): i32 {
  startMachine();
  map(0, 1); // makes the tables
  mark();
  map(1, 10);
  print(
    `10 pages in a table that is there: ${calls()} calls, ${queue.counters.entries - before.entries} entries`,
  );
  sameAgain();
  readBack();
  flushes();
  fullQueue();
  thereAndBack();
  refusal();
  noMemory();
  mappedAlready();
  machine.checkTlb();
  return 0;
}

function sameAgain(): void {
  mark();
  protectAll(10);
  print(`the same again: ${calls()} calls, ${queue.counters.skipped - before.skipped} skipped`);
}

function protectAll(count: u64): void {
  using lock = new PteLock(queue);
  tables.protect(tables.kernelRoot, page(1), count, writable);
}

function readBack(): void {
  using lock = new PteLock(queue);
  mark();
  mapLocked(20, 3);
  const planned = tables.plan(tables.kernelRoot, page(21));
  print(`peeked while it waits: ${describe(planned)}, ${calls()} calls`);
  const read = tables.lookup(tables.kernelRoot, page(21));
  print(`read while it waits: ${describe(read)}, ${calls()} calls`);
}

function flushes(): void {
  for (let at: u64 = 0; at < 8; at++) machine.loadWord(base + (1 + at) * 4096); // translations to be forgotten
  mark();
  unmap(1, 1);
  print(
    `one page unmapped: ${calls()} calls, alone ${queue.counters.single - before.single}, pages flushed ${pagesFlushed()}`,
  );
  machine.checkTlb();
  mark();
  unmap(2, 2);
  print(`two pages unmapped: ${calls()} calls, pages flushed ${pagesFlushed()}`);
  machine.checkTlb();
  mark();
  unmap(4, 5);
  print(
    `five pages unmapped: ${calls()} calls, pages flushed ${pagesFlushed()}, whole flushes ${queue.counters.tlbFlushes - before.tlbFlushes}`,
  );
  machine.checkTlb();
}

function fullQueue(): void {
  prepare(512, 1024);
  mark();
  map(512, 600);
  print(
    `600 entries under one lock: full ${queue.counters.full - before.full}, largest ${queue.counters.largest}`,
  );
  unmap(512, 600);
}

function prepare(first: u64, count: u64): void {
  using lock = new PteLock(queue);
  const made = tables.prepare(tables.kernelRoot, page(first), count);
  assert(made.ok, "there is memory");
}

function thereAndBack(): void {
  mark();
  thereAndBackLocked();
  const entry = tables.lookup(tables.kernelRoot, page(100));
  print(`mapped, changed and unmapped in one lock: ${calls()} calls, then ${describe(entry)}`);
}

function thereAndBackLocked(): void {
  using lock = new PteLock(queue);
  mapLocked(100, 1);
  tables.protect(tables.kernelRoot, page(100), 1, readOnly);
  tables.unmap(tables.kernelRoot, page(100), 1);
}

/** A table may not be writable: the simulated machine refuses, as Xen does. */
function refusal(): void {
  breakRule();
  print(`refused: ${lastRefused}, ${describeErrno(lastRefusal)}`);
  const after = tables.lookup(tables.kernelRoot, page(32));
  const wrong = tables.lookup(tables.kernelRoot, page(31));
  print(`after the refusal the rest is done: ${isPresent(after) && !isPresent(wrong)}`);
}

function breakRule(): void {
  using lock = new PteLock(queue);
  mapLocked(30, 1);
  queue.write(slot(31), pageEntry(tables.kernelRoot, writable), base + 31 * 4096);
  mapLocked(32, 1);
}

function noMemory(): void {
  const far = 0x40000000 / 4096;
  allocator.allowance = 1; // of the two tables that are missing
  const refused = tryMap(far, 4);
  allocator.allowance = 0xffffffffffffffff;
  const entry = tables.lookup(tables.kernelRoot, page(far));
  print(`no memory: ${refused}, nothing stays mapped: ${!isPresent(entry)}`);
}

/** A range over two tables, with something in the second one. */
function mappedAlready(): void {
  map(1030, 1);
  const refused = tryMap(1020, 12);
  const kept = tables.lookup(tables.kernelRoot, page(1030));
  const undone = tables.lookup(tables.kernelRoot, page(1020));
  const stays = entryFrame(kept) === dataFrames[1030 % 64] && !isPresent(undone);
  print(`mapped already: ${refused}, the old mapping stays: ${stays}`);
}

function tryMap(first: u64, count: u64): string {
  using lock = new PteLock(queue);
  const frame = new OneFrame(dataFrames[0]);
  const mapped = tables.map(tables.kernelRoot, page(first), count, frame, readOnly);
  return mapped.ok ? "mapped" : describeMemoryFault(mapped.error);
}

function map(first: u64, count: u64): void {
  using lock = new PteLock(queue);
  mapLocked(first, count);
}

function mapLocked(first: u64, count: u64): void {
  const list = new FixedArray<Mfn, 600>();
  for (let at: u64 = 0; at < count; at++) list[at] = dataFrames[(first + at) % 64];
  const sequence = new ListedFrames(list.slice(0, count));
  const mapped = tables.map(tables.kernelRoot, page(first), count, sequence, writable);
  assert(mapped.ok, "the range is free");
}

function unmap(first: u64, count: u64): void {
  using lock = new PteLock(queue);
  tables.unmap(tables.kernelRoot, page(first), count);
}

function slot(index: u64): EntrySlot {
  const address: u64 = base + index * 4096;
  return slotOf(tables.leafTable(tables.kernelRoot, address).table, tableIndex(address, 1));
}

function page(index: u64): VirtAddr {
  return toVirtAddr(base + index * 4096);
}

function mark(): void {
  copy(before, queue.counters);
}

function calls(): u64 {
  return queue.counters.hypercalls - before.hypercalls;
}

function pagesFlushed(): u64 {
  return queue.counters.pageFlushes - before.pageFlushes;
}

function describe(entry: u64): string {
  return isPresent(entry) ? "present" : "absent";
}
