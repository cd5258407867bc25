/**
 * Takes away what a segment of the image does not grant. The builder maps everything writable and executable; afterwards
 * instructions and constants cannot be changed, nothing but instructions can be executed, and the page under the stack
 * faults.
 *
 * The tables that map the image are made anew, each entry as it shall be, and put in the place of the builder's: that takes
 * half the time of changing 512 entries. What the bootstrap mapping has beyond them loses its right to be executed in the
 * entry above.
 */
import { symbolAddress } from "xenlet:unsafe";
import type { MemoryFault } from "../../lib/memory-fault.ts";
import type { Mfn } from "../../xen-abi/addresses.ts";
import { slotOf } from "../../xen-abi/mmu.ts";
import { contains, imageRegion, kernelBase, textRegion } from "./memory-map.ts";
import {
  executable,
  notPresent,
  PageFlag,
  pageEntry,
  readOnly,
  writable,
  type PageFlags,
} from "./page-entry.ts";
import { entryFrame, entrySpan, isPresent, isWritable, tableEntry, tableIndex } from "./page-table-entry.ts";
import type { PageTables } from "./pagetable.ts";
import { PteLock } from "./pte-queue.ts";

const pageBytes = 4096;

/** Protects the image and the rest of the bootstrap mapping. */
export function protectImage(tables: PageTables): Result<undefined, MemoryFault> {
  using lock = new PteLock(tables.queue);
  const imageEnd = imageRegion().end;
  const span = entrySpan(2);
  // The mapping ends before the address space does, or with it: then the next address is 0.
  for (let address: u64 = kernelBase; address !== 0; address += span) {
    const found = tables.leafTable(tables.kernelRoot, address);
    if (found.level > 1) break;
    if (address < imageEnd) {
      const made = replaceTable(tables, address, found.table);
      if (!made.ok) return made;
    } else {
      const directory = tables.tableFor(tables.kernelRoot, address, 2);
      if (!directory.ok) return err(directory.error);
      const slot = slotOf(directory.value, tableIndex(address, 2));
      tables.queue.write(slot, tableEntry(found.table) | PageFlag.NoExecute, 0);
    }
  }
  tables.queue.flushTlb(); // translations from before may still be executed, or written through
  return ok();
}

/** Puts a table with the right flags in the place of the one that maps the 2 MiB from `start` on. */
function replaceTable(tables: PageTables, start: u64, old: Mfn): Result<undefined, MemoryFault> {
  const directory = tables.tableFor(tables.kernelRoot, start, 2);
  if (!directory.ok) return err(directory.error);
  const made = tables.frames.allocateTable();
  if (!made.ok) return err(made.error);
  const table = made.value;
  tables.queue.flush(); // the old entries are read as they are
  const entries = tables.queue.door.entriesOf(old);
  const words = tables.queue.door.wordsOf(table);
  for (const [index, entry] of entries.entries()) {
    if (isPresent(entry)) words[index] = protectedEntry(start + index * pageBytes, entry, table);
  }
  tables.link(slotOf(directory.value, tableIndex(start, 2)), table);
  tables.queue.flushTlb();
  tables.queue.flush();
  tables.unseal(old);
  tables.queue.flush();
  tables.frames.releaseTable(old);
  return ok();
}

/** What `entry`, which maps `address`, shall be. `table` is the new table itself, which may lie here as well. */
function protectedEntry(address: u64, entry: u64, table: Mfn): u64 {
  const frame = entryFrame(entry);
  if (address === symbolAddress("boot_stack_guard")) return notPresent;
  if (frame === table) return pageEntry(frame, readOnly);
  return pageEntry(frame, flagsFor(address, isWritable(entry)));
}

function flagsFor(address: u64, wasWritable: boolean): PageFlags {
  if (contains(textRegion(), address)) return executable;
  if (address >= symbolAddress("__rodata_start") && address < symbolAddress("__rodata_end")) return readOnly;
  if (address >= symbolAddress("__line_table_start") && address < symbolAddress("__end")) return readOnly;
  return wasWritable ? writable : readOnly; // page tables are read-only already
}
