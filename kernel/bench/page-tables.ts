/**
 * What page-table writes cost: Xen's own price for a call with requests that were made before (`….floor`), and the kernel's
 * way, from the decision to the changed entry.
 *
 * Each write makes an entry lead to another frame, which is the dearest change: Xen takes a reference to the new frame and
 * drops the one to the old.
 */
import { mmuextOp, mmuUpdate, updateOneMapping } from "../arch/x86-xen/hypercall/mmu.ts";
import { multicall } from "../arch/x86-xen/hypercall/multicall.ts";
import { exerciseBase } from "../arch/x86-xen/memory-layout.ts";
import { mfnOf } from "../arch/x86-xen/p2m.ts";
import { notPresent, pageEntry, writable } from "../arch/x86-xen/page-entry.ts";
import { OneFrame } from "../arch/x86-xen/frame-sequence.ts";
import { PteLock } from "../arch/x86-xen/pte-queue.ts";
import { frames, pteQueue, tables } from "../mm/memory.ts";
import { Owner } from "../mm/owner.ts";
import {
  noMfn,
  pageSize,
  toVirtAddr,
  virtNumber,
  type Mfn,
  type Pfn,
  type VirtAddr,
} from "../xen-abi/addresses.ts";
import { MmuextCommand, MmuextOp, MmuUpdate, slotOf } from "../xen-abi/mmu.ts";
import { FlushMode, Hypercall, MulticallEntry } from "../xen-abi/xen.ts";
import { measure, note } from "./measure.ts";

/** Entries of the largest batch: one table. */
const most = 512;

const requests = new FixedArray<MmuUpdate, 512>();
const calls = new FixedArray<MulticallEntry, 512>();
const flush = new FixedArray<MmuextOp, 1>();
/** The table of the lowest level that all the entries are in. */
let table: Mfn = noMfn;
/** Frames that the entries lead to in turn. */
let even: Mfn = noMfn;
let odd: Mfn = noMfn;

/** @allocates */
export function measurePageTables(): void {
  const first = frames.allocate(Owner.Tests);
  const second = frames.allocate(Owner.Tests);
  if (!first.ok || !second.ok) return;
  even = mfnOf(first.value);
  odd = mfnOf(second.value);
  if (!prepare()) return;
  measureFloor();
  unmapAll();
  measureQueue();
  unmapAll();
  giveBack(first.value);
  giveBack(second.value);
}

function measureFloor(): void {
  measure("pte.single.floor", 1000, 1, updateAlone);
  measure("pte.map.floor", 500, 2, updateMapping);
  measure("pte.batch8.floor", 200, 8, updateEight);
  measure("pte.batch64.floor", 40, 64, updateSixtyFour);
  measure("pte.batch512.floor", 10, most, updateAll);
  measure("pte.same.floor", 10, most, updateSame);
  measure("pte.va-mapping", 1000, 1, mapWithoutFlush);
  measure("pte.va-mapping-invlpg", 1000, 1, mapWithFlush);
  measure("pte.va-mapping-multicall512", 10, most, mapAllInOneCall);
  measure("tlb.flush", 1000, 1, flushTlb);
}

function measureQueue(): void {
  measure("pte.single", 1000, 1, writeAlone);
  measure("pte.batch8", 200, 8, writeEight);
  measure("pte.batch64", 40, 64, writeSixtyFour);
  measure("pte.batch512", 10, most, writeAll);
  measure("pte.same", 10, most, writeSame);
  measure("pte.remap512", 10, most, remapAll);
  const counters = pteQueue.counters;
  const before = counters.hypercalls;
  const flushed = counters.tlbFlushes + counters.pageFlushes;
  writeAll(1);
  note("pte.batch512.hypercalls", counters.hypercalls - before, "calls");
  note("pte.batch512.flushes", counters.tlbFlushes + counters.pageFlushes - flushed, "flushes");
}

/** Makes the tables on the way to the range. */
function prepare(): boolean {
  using lock = new PteLock(pteQueue);
  const made = tables.prepare(tables.kernelRoot, addressOfPage(0), most);
  pteQueue.flush();
  table = tables.leafTable(tables.kernelRoot, exerciseBase).table;
  return made.ok;
}

function unmapAll(): void {
  using lock = new PteLock(pteQueue);
  tables.unmap(tables.kernelRoot, addressOfPage(0), most);
}

function giveBack(frame: Pfn): void {
  const released = frames.release(frame);
  assert(released.ok, "the frame was ours");
}

function addressOfPage(page: u64): VirtAddr {
  return toVirtAddr(exerciseBase + page * pageSize);
}

/** The entry that a round writes: another one than the round before. */
function entryOf(round: u64): u64 {
  return pageEntry((round & 1) === 0 ? even : odd, writable);
}

// Xen's own price.

function updateMany(rounds: u64, count: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    const entry = entryOf(round);
    const some = requests.slice(0, count);
    for (let index: u64 = 0; index < some.length; index++) {
      some[index].slot = slotOf(table, index);
      some[index].val = entry;
    }
    const done = mmuUpdate(some);
    assert(!done.refused, "the entries are ours to change");
  }
}

function updateAlone(rounds: u64): void {
  updateMany(rounds, 1);
}
function updateEight(rounds: u64): void {
  updateMany(rounds, 8);
}
function updateSixtyFour(rounds: u64): void {
  updateMany(rounds, 64);
}
function updateAll(rounds: u64): void {
  updateMany(rounds, most);
}

/** Maps a page, and takes it away again. */
function updateMapping(rounds: u64): void {
  const one = requests.slice(0, 1);
  one[0].slot = slotOf(table, 0);
  for (let round: u64 = 0; round < 2 * rounds; round++) {
    one[0].val = (round & 1) === 0 ? notPresent : entryOf(0);
    const done = mmuUpdate(one);
    assert(!done.refused, "the entry is ours to change");
  }
}

/** The entries hold already what they are set to. */
function updateSame(rounds: u64): void {
  for (let index: u64 = 0; index < requests.length; index++) {
    requests[index].slot = slotOf(table, index);
    requests[index].val = entryOf(0);
  }
  for (let round: u64 = 0; round < rounds; round++) {
    const done = mmuUpdate(requests);
    assert(!done.refused, "the entries are ours to change");
  }
}

function mapEach(rounds: u64, mode: FlushMode): void {
  for (let round: u64 = 0; round < rounds; round++) {
    const done = updateOneMapping(addressOfPage(0), entryOf(round), mode);
    assert(!done.refused, "the entry is ours to change");
  }
}

function mapWithoutFlush(rounds: u64): void {
  mapEach(rounds, FlushMode.None);
}
function mapWithFlush(rounds: u64): void {
  mapEach(rounds, FlushMode.OnePage);
}

function mapAllInOneCall(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    for (let index: u64 = 0; index < calls.length; index++) {
      const call = calls[index];
      call.op = Hypercall.UpdateVaMapping;
      call.args[0] = virtNumber(addressOfPage(index));
      call.args[1] = entryOf(round);
      call.args[2] = FlushMode.None;
    }
    const made = multicall(calls);
    assert(made.ok, "the calls are made");
  }
}

function flushTlb(rounds: u64): void {
  flush[0].cmd = MmuextCommand.TlbFlushLocal;
  for (let round: u64 = 0; round < rounds; round++) {
    const done = mmuextOp(flush);
    assert(!done.refused, "everybody may flush its TLB");
  }
}

// The kernel's way.

function writeMany(rounds: u64, count: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    const entry = entryOf(round);
    using lock = new PteLock(pteQueue);
    for (let index: u64 = 0; index < count; index++) {
      pteQueue.write(slotOf(table, index), entry, virtNumber(addressOfPage(index)));
    }
  }
}

function writeAlone(rounds: u64): void {
  writeMany(rounds, 1);
}
function writeEight(rounds: u64): void {
  writeMany(rounds, 8);
}
function writeSixtyFour(rounds: u64): void {
  writeMany(rounds, 64);
}
function writeAll(rounds: u64): void {
  writeMany(rounds, most);
}

function writeSame(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    using lock = new PteLock(pteQueue);
    for (let index: u64 = 0; index < most; index++) {
      pteQueue.write(slotOf(table, index), entryOf(0), virtNumber(addressOfPage(index)));
    }
  }
}

/** With the walk to the table, as everybody outside of page tables does it. */
function remapAll(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    using lock = new PteLock(pteQueue);
    const list = new OneFrame((round & 1) === 0 ? even : odd);
    const done = tables.remap(tables.kernelRoot, addressOfPage(0), most, list, writable);
    assert(done.ok, "the tables are there");
  }
}
