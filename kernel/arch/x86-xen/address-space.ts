/**
 * Address spaces: the kernel's half is the same in each, the lower half is its own.
 *
 * The tables of the upper half are shared by copying the entries of the top table. The kernel makes those before the first
 * space is, and never changes them afterwards.
 */
import type { Mfn } from "../../xen-abi/addresses.ts";
import type { MemoryFault } from "../../lib/memory-fault.ts";
import { entryFrame, isPresent } from "./page-table-entry.ts";
import { topLevel, type PageTables } from "./pagetable.ts";
import { PteLock } from "./pte-queue.ts";

const entriesPerTable = 512;
/** Entries of the top table: 0 to 255 are the space's own, 256 to 271 Xen's (it fills them in), the rest the kernel's. */
const lowerHalf = 256;
const firstKernelEntry = 272;

/** A new space with nothing in its lower half, pinned: its top table. */
export function createSpace(tables: PageTables): Result<Mfn, MemoryFault> {
  using lock = new PteLock(tables.queue);
  const made = tables.frames.allocateTable();
  if (!made.ok) return made;
  const root = made.value;
  tables.queue.flush(); // the kernel's entries are read as they are
  const words = tables.queue.door.wordsOf(root);
  const shared = tables.queue.door.entriesOf(tables.kernelRoot);
  words.slice(firstKernelEntry).copyFrom(shared.slice(firstKernelEntry));
  tables.seal(root);
  tables.queue.pin(topLevel, root);
  tables.counters.made++;
  return made;
}

/** Has this vCPU use `root`; the old translations of the lower half are gone with it. */
export function switchSpace(tables: PageTables, root: Mfn): void {
  if (tables.currentRoot === root) return;
  using lock = new PteLock(tables.queue);
  tables.queue.switchTo(root);
  tables.currentRoot = root;
  tables.queue.flush();
}

/** Gives back every table of a space that nobody runs on. What was mapped in it is its owner's to free. */
export function destroySpace(tables: PageTables, root: Mfn): void {
  assert(root !== tables.currentRoot && root !== tables.kernelRoot, "the space is not in use");
  using lock = new PteLock(tables.queue);
  tables.queue.unpin(root);
  tables.queue.flush(); // Xen has taken the whole tree apart: from here on these are frames like others
  unsealTree(tables, root, topLevel);
  tables.queue.flush(); // the frame allocator gets what is writable again
  releaseTree(tables, root, topLevel);
}

function unsealTree(tables: PageTables, table: Mfn, level: u32): void {
  tables.unseal(table);
  if (level === 1) return;
  for (const entry of tables.queue.door.entriesOf(table).slice(0, ownEntries(level))) {
    if (isPresent(entry)) unsealTree(tables, entryFrame(entry), level - 1);
  }
}

/** Those below first: their numbers stand in the one above, until that is somebody else's. */
function releaseTree(tables: PageTables, table: Mfn, level: u32): void {
  if (level > 1) {
    for (const entry of tables.queue.door.entriesOf(table).slice(0, ownEntries(level))) {
      if (isPresent(entry)) releaseTree(tables, entryFrame(entry), level - 1);
    }
  }
  tables.frames.releaseTable(table);
  tables.counters.released++;
}

/** What of a table is the space's own: of the top table, the lower half. */
function ownEntries(level: u32): u64 {
  return level === topLevel ? lowerHalf : entriesPerTable;
}
