/**
 * `test=tlb`: each way to make vCPUs forget old translations, and the tables that programs run on. An entry is changed
 * behind the queue's back, as far as its own flushes go, so that only the one under test can make the new frame appear.
 */
import { addressOf, ptr, type Ptr } from "xenlet:unsafe";
import { createSpace, destroySpace } from "../arch/x86-xen/address-space.ts";
import { kernelAddress } from "../arch/x86-xen/kernel-frames.ts";
import { exerciseBase } from "../arch/x86-xen/memory-layout.ts";
import { DomainFrames, mfnOf } from "../arch/x86-xen/p2m.ts";
import { pageEntry, writable } from "../arch/x86-xen/page-entry.ts";
import { tableIndex } from "../arch/x86-xen/page-table-entry.ts";
import { PteLock } from "../arch/x86-xen/pte-queue.ts";
import * as log from "../lib/log.ts";
import { panic } from "../lib/panic.ts";
import { frames, pteQueue, tables } from "../mm/memory.ts";
import { Owner } from "../mm/owner.ts";
import { toMfn, toPfn, toVirtAddr, pfnNumber, virtNumber, type Mfn, type Pfn } from "../xen-abi/addresses.ts";
import { slotOf } from "../xen-abi/mmu.ts";

const address = exerciseBase;
/** No table: programs have none. */
const noTable = 0;
/** The vCPUs that are meant: number 0. */
const mask: FixedArray<u64, 1> = [1];

const enum Flush {
  OfVcpus,
  PageOfVcpus,
  OfAll,
  Own,
}

/** @allocates */
export function testTlbFlushes(): void {
  const pair = frames.allocateBlock(1, Owner.Tests);
  if (!pair.ok) panic("the test of flushes needs two frames");
  const first = pair.value;
  mapFirst(first);
  forget(Flush.OfVcpus, "multicast, all", first);
  forget(Flush.PageOfVcpus, "multicast, a page", first);
  forget(Flush.OfAll, "every vCPU", first);
  forget(Flush.Own, "this vCPU", first);
  switchPrograms();
  unmapFirst();
  assert(frames.release(first).ok, "the frames were the test's");
  if (pteQueue.counters.refused > 0) panic(`Xen refused ${pteQueue.counters.refused} requests`);
  log.info("self-test tlb: success");
}

function mapFirst(first: Pfn): void {
  using lock = new PteLock(pteQueue);
  const sequence = new DomainFrames(first);
  if (!tables.map(tables.kernelRoot, toVirtAddr(address), 1, sequence, writable).ok)
    panic("no room for a page");
  for (let index: u64 = 0; index < 2; index++) wordOf(first, index).store(index);
}

function unmapFirst(): void {
  using lock = new PteLock(pteQueue);
  tables.unmap(tables.kernelRoot, toVirtAddr(address), 1);
}

function wordOf(first: Pfn, index: u64): Ptr<u64> {
  return ptr<u64>(virtNumber(kernelAddress(toPfn(pfnNumber(first) + index))));
}

/** Leads the page from its frame to the other one and back. */
function forget(flush: Flush, name: string, first: Pfn): void {
  let stale: u32 = 0;
  for (let turn: u64 = 1; turn <= 2; turn++) {
    const wanted: u64 = turn & 1;
    if (seen() !== 1 - wanted) panic(`${name}: the page shows frame ${seen()}`);
    const calls = pteQueue.counters.hypercalls;
    using lock = new PteLock(pteQueue);
    change(mfnOf(toPfn(pfnNumber(first) + wanted)));
    pteQueue.flush();
    if (seen() !== wanted) stale++;
    order(flush);
    pteQueue.flush();
    if (seen() !== wanted) panic(`${name}: an old translation is still there`);
    if (pteQueue.counters.hypercalls !== calls + 2) panic(`${name}: a flush is one hypercall`);
  }
  log.info(`tlb: ${name}: ${stale} of 2 translations were old before`);
}

function seen(): u64 {
  return ptr<u64>(address).load();
}

/** The queue is not told where the entry maps, so it flushes nothing of itself. */
function change(frame: Mfn): void {
  const leaf = tables.leafTable(tables.kernelRoot, address);
  pteQueue.write(slotOf(leaf.table, tableIndex(address, 1)), pageEntry(frame, writable), 0);
}

function order(flush: Flush): void {
  switch (flush) {
    case Flush.OfVcpus:
      return pteQueue.flushTlbOf(addressOf(mask));
    case Flush.PageOfVcpus:
      return pteQueue.flushPageOf(toVirtAddr(address), addressOf(mask));
    case Flush.OfAll:
      return pteQueue.flushEveryTlb();
    case Flush.Own:
      return pteQueue.flushTlb();
  }
}

/** Xen keeps the tables of programs apart from the kernel's: they are taken, and given back. */
function switchPrograms(): void {
  const space = createSpace(tables);
  if (!space.ok) panic("no memory for an address space");
  {
    using lock = new PteLock(pteQueue);
    pteQueue.switchProgramsTo(space.value);
  }
  {
    using lock = new PteLock(pteQueue);
    pteQueue.switchProgramsTo(toMfn(noTable));
  }
  destroySpace(tables, space.value);
  log.info("tlb: programs had tables of their own");
}
