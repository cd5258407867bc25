/**
 * Decides which entries of which tables must become what, so that a range of addresses is mapped, unmapped, protected or
 * mapped to something else. It writes nothing itself: `PteQueue` does.
 *
 * A table that does not exist yet is filled by plain writes, made read-only, and then linked: Xen then checks its 512
 * entries at once, at a third of what as many `mmu_update` entries cost. Tables stay until their address space ends.
 */
import { virtNumber, type Mfn, type VirtAddr } from "../../xen-abi/addresses.ts";
import { slotOf, type EntrySlot } from "../../xen-abi/mmu.ts";
import { MemoryFault } from "../../lib/memory-fault.ts";
import { isFrame, type FrameSequence } from "./frame-sequence.ts";
import { notPresent, pageEntry, readOnly, writable, type PageFlags } from "./page-entry.ts";
import { entryFrame, entrySpan, isPresent, tableEntry, tableIndex } from "./page-table-entry.ts";
import type { PteQueue } from "./pte-queue.ts";

/** Levels of x86-64 page tables; the root is of the highest. */
export const topLevel = 4;
const bytesPerPage = 4096;
const entriesPerTable = 512;

/** How far the way to an address goes: to `table`, of `level`; 1 where it is complete. */
type TableOnWay = { readonly level: u32; readonly table: Mfn };

/** Where tables come from, and go to. */
export interface TableFrames {
  /** A frame full of zeros, which the kernel can write to at its alias. */
  allocateTable(): Result<Mfn, MemoryFault>;
  /** Takes back a frame that no table leads to, writable again. */
  releaseTable(table: Mfn): void;
  /** The one address at which the kernel sees the frame. */
  aliasOf(table: Mfn): VirtAddr;
}

/** What page-table memory was used for so far. */
@struct
export class TableCounters {
  /** Tables made, and given back. */
  made: u64 = 0;
  released: u64 = 0;
}

@struct
export class PageTables {
  readonly queue: PteQueue;
  readonly frames: TableFrames;
  /** The root whose upper half every address space has: aliases are looked up in it. */
  kernelRoot: Mfn;
  /** What the vCPU runs on: old translations of other spaces are not in its TLB. */
  currentRoot: Mfn;
  readonly counters = new TableCounters();

  constructor(queue: PteQueue, frames: TableFrames, root: Mfn) {
    this.queue = queue;
    this.frames = frames;
    this.kernelRoot = root;
    this.currentRoot = root;
  }

  /**
   * Maps `count` pages from `start` on to `frames`, with `flags`. Where there is no frame, a hole is left.
   * Where anything is mapped in the range, or a table cannot be had, nothing is changed.
   */
  map(
    root: Mfn,
    start: VirtAddr,
    count: u64,
    frames: FrameSequence,
    flags: PageFlags,
  ): Result<undefined, MemoryFault> {
    const first = virtNumber(start);
    let done: u64 = 0;
    while (done < count) {
      const address: u64 = first + done * bytesPerPage;
      const pages: u64 = min<u64>(count - done, entriesPerTable - tableIndex(address, 1));
      const mapped = this.mapInTable(root, address, pages, frames, done, flags);
      if (!mapped.ok) {
        this.unmap(root, start, done);
        return mapped;
      }
      done += pages;
    }
    return ok();
  }

  /** Unmaps `count` pages from `start` on; what is not mapped stays so. */
  unmap(root: Mfn, start: VirtAddr, count: u64): void {
    let address: u64 = virtNumber(start);
    for (let left: u64 = count; left > 0;) {
      const found = this.leafTable(root, address);
      const pages: u64 = min<u64>(left, pagesOfStep(address, found.level));
      if (found.level === 1) {
        const entries = this.queue.door.entriesOf(found.table);
        const seen = this.isSeen(root, address);
        const first = tableIndex(address, 1);
        for (let page: u64 = 0; page < pages; page++) {
          const slot = slotOf(found.table, first + page);
          const now = this.queue.peekAmong(entries, first + page, slot);
          if (isPresent(now))
            this.queue.change(slot, now, notPresent, seen ? address + page * bytesPerPage : 0);
        }
      }
      address += pages * bytesPerPage;
      left -= pages;
    }
  }

  /** Gives the pages that are mapped in the range `flags`; the frames stay. */
  protect(root: Mfn, start: VirtAddr, count: u64, flags: PageFlags): void {
    let address: u64 = virtNumber(start);
    for (let left: u64 = count; left > 0;) {
      const found = this.leafTable(root, address);
      const pages: u64 = min<u64>(left, pagesOfStep(address, found.level));
      if (found.level === 1) this.protectInTable(found.table, root, address, pages, flags);
      address += pages * bytesPerPage;
      left -= pages;
    }
  }

  protectInTable(table: Mfn, root: Mfn, address: u64, pages: u64, flags: PageFlags): void {
    const entries = this.queue.door.entriesOf(table);
    const seen = this.isSeen(root, address);
    const first = tableIndex(address, 1);
    for (let page: u64 = 0; page < pages; page++) {
      const slot = slotOf(table, first + page);
      const now = this.queue.peekAmong(entries, first + page, slot);
      if (!isPresent(now)) continue;
      const entry = pageEntry(entryFrame(now), flags);
      this.queue.change(slot, now, entry, seen ? address + page * bytesPerPage : 0);
    }
  }

  /** As `map`, but what is mapped there gives way. Where a table cannot be had, nothing is changed. */
  remap(
    root: Mfn,
    start: VirtAddr,
    count: u64,
    frames: FrameSequence,
    flags: PageFlags,
  ): Result<undefined, MemoryFault> {
    const first = virtNumber(start);
    const ready = this.prepare(root, start, count);
    if (!ready.ok) return ready;
    for (let done: u64 = 0; done < count;) {
      const address: u64 = first + done * bytesPerPage;
      const pages: u64 = min<u64>(count - done, pagesOfStep(address, 1));
      const table = this.leafTable(root, address).table;
      const entries = this.queue.door.entriesOf(table);
      const seen = this.isSeen(root, address);
      const index = tableIndex(address, 1);
      for (let page: u64 = 0; page < pages; page++) {
        const slot = slotOf(table, index + page);
        const frame = frames.frameAt(done + page);
        const entry: u64 = isFrame(frame) ? pageEntry(frame, flags) : notPresent;
        const now = this.queue.peekAmong(entries, index + page, slot);
        this.queue.change(slot, now, entry, seen ? address + page * bytesPerPage : 0);
      }
      done += pages;
    }
    return ok();
  }

  /** Makes every table on the way to the range, so that mapping it needs no more memory. */
  prepare(root: Mfn, start: VirtAddr, count: u64): Result<undefined, MemoryFault> {
    let address: u64 = virtNumber(start);
    for (let left: u64 = count; left > 0;) {
      const made = this.tableFor(root, address, 1);
      if (!made.ok) return err(made.error);
      const covered: u64 = min<u64>(left, pagesOfStep(address, 1));
      address += covered * bytesPerPage;
      left -= covered;
    }
    return ok();
  }

  /** The entry that maps `address`, with what the CPU noted in it; a pending write to it is done first. */
  lookup(root: Mfn, address: VirtAddr): u64 {
    const found = this.leafTable(root, virtNumber(address));
    if (found.level > 1) return notPresent;
    return this.queue.read(slotOf(found.table, tableIndex(virtNumber(address), 1)));
  }

  /** The entry that maps `address`, or will when all that is pending is done: no hypercall. */
  plan(root: Mfn, address: VirtAddr): u64 {
    const found = this.leafTable(root, virtNumber(address));
    if (found.level > 1) return notPresent;
    return this.queue.peek(slotOf(found.table, tableIndex(virtNumber(address), 1)));
  }

  /** Looks for the lowest-level table of `address`. */
  leafTable(root: Mfn, address: u64): TableOnWay {
    let table = root;
    for (let level: u32 = topLevel; level > 1; level--) {
      const entry = this.queue.peek(slotOf(table, tableIndex(address, level)));
      if (!isPresent(entry)) return { level, table };
      table = entryFrame(entry);
    }
    return { level: 1, table };
  }

  /** The part of `map` that lies in one table of the lowest level. */
  mapInTable(
    root: Mfn,
    address: u64,
    pages: u64,
    frames: FrameSequence,
    from: u64,
    flags: PageFlags,
  ): Result<undefined, MemoryFault> {
    const parent = this.tableFor(root, address, 2);
    if (!parent.ok) return err(parent.error);
    const link = slotOf(parent.value, tableIndex(address, 2));
    const linked = this.queue.peek(link);
    if (isPresent(linked))
      return this.fillTable(entryFrame(linked), root, address, pages, frames, from, flags);

    const made = this.frames.allocateTable();
    if (!made.ok) return err(made.error);
    const table = made.value;
    const words = this.queue.door.wordsOf(table);
    const index = tableIndex(address, 1);
    for (let page: u64 = 0; page < pages; page++) {
      const frame = frames.frameAt(from + page);
      if (isFrame(frame)) words[index + page] = pageEntry(frame, flags);
    }
    this.queue.counters.stored += pages;
    this.link(link, table);
    return ok();
  }

  /** Maps pages in a table that exists, or none of them. */
  fillTable(
    table: Mfn,
    root: Mfn,
    address: u64,
    pages: u64,
    frames: FrameSequence,
    from: u64,
    flags: PageFlags,
  ): Result<undefined, MemoryFault> {
    const entries = this.queue.door.entriesOf(table);
    const index = tableIndex(address, 1);
    for (let at: u64 = index; at < index + pages; at++) {
      if (isPresent(this.queue.peekAmong(entries, at, slotOf(table, at))))
        return err(MemoryFault.AlreadyMapped);
    }
    const seen = this.isSeen(root, address);
    for (let page: u64 = 0; page < pages; page++) {
      const frame = frames.frameAt(from + page);
      if (!isFrame(frame)) continue;
      const slot = slotOf(table, index + page);
      this.queue.change(slot, notPresent, pageEntry(frame, flags), seen ? address + page * bytesPerPage : 0);
    }
    return ok();
  }

  /** The table of `level` on the way to `address`; made, with those above it, where it is missing. */
  tableFor(root: Mfn, address: u64, level: u32): Result<Mfn, MemoryFault> {
    let table = root;
    for (let at: u32 = topLevel; at > level; at--) {
      const slot = slotOf(table, tableIndex(address, at));
      const entry = this.queue.peek(slot);
      if (isPresent(entry)) {
        table = entryFrame(entry);
        continue;
      }
      const made = this.frames.allocateTable();
      if (!made.ok) return made;
      this.link(slot, made.value);
      table = made.value;
    }
    return ok(table);
  }

  /** From here on, `table` is Xen's to check: nobody can write to it any more. */
  link(slot: EntrySlot, table: Mfn): void {
    this.seal(table);
    this.queue.write(slot, tableEntry(table), 0);
    this.counters.made++;
  }

  /** Takes the kernel's right to write to a frame that becomes a table; Xen accepts no table without it. */
  seal(table: Mfn): void {
    this.setAlias(table, readOnly);
  }

  /** Gives it back, for a frame that is a table no longer. */
  unseal(table: Mfn): void {
    this.setAlias(table, writable);
  }

  setAlias(table: Mfn, flags: PageFlags): void {
    const alias = virtNumber(this.frames.aliasOf(table));
    const found = this.leafTable(this.kernelRoot, alias);
    assert(found.level === 1, "every frame of the kernel has its alias");
    this.queue.write(slotOf(found.table, tableIndex(alias, 1)), pageEntry(table, flags), alias);
  }

  /** Whether the vCPU sees `root`'s entry at `address` now. */
  isSeen(root: Mfn, address: u64): boolean {
    return root === this.currentRoot || isKernelAddress(address);
  }
}

/** The upper half, which all address spaces share. */
export function isKernelAddress(address: u64): boolean {
  return address >> 63 !== 0;
}

/** Pages from `address` on that one table of the lowest level maps, or that an entry missing at `level` leaves out. */
function pagesOfStep(address: u64, level: u32): u64 {
  const span = entrySpan(max<u32>(level, 2));
  return (span - (address & (span - 1))) / bytesPerPage;
}
