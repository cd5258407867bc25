/** What is mapped in the kernel's half, and how: the monitor's `maps`. */
import {
  directMapBase,
  exerciseBase,
  frameRecordsBase,
  grantTableBase,
  stackRegionBase,
  windowRegionBase,
} from "../arch/x86-xen/memory-layout.ts";
import { kernelBase } from "../arch/x86-xen/memory-map.ts";
import {
  entryFrame,
  entrySpan,
  isPresent,
  isWritable,
  tableIndex,
} from "../arch/x86-xen/page-table-entry.ts";
import { PageFlag } from "../arch/x86-xen/page-entry.ts";
import type { Printer } from "../lib/printer.ts";
import { pageSize, toVirtAddr } from "../xen-abi/addresses.ts";
import { slotOf } from "../xen-abi/mmu.ts";
import { pteQueue, tables } from "./memory.ts";

/** Runs that are shown; a direct map has a run wherever a page table interrupts it. */
const lineLimit = 64;

type Region = { readonly name: string; readonly start: u64 };

const regions: FixedArray<Region, 8> = [
  { name: "programs", start: 0 },
  { name: "direct map", start: directMapBase },
  { name: "frame records", start: frameRecordsBase },
  { name: "stacks", start: stackRegionBase },
  { name: "windows", start: windowRegionBase },
  { name: "page-table test", start: exerciseBase },
  { name: "grant table", start: grantTableBase },
  { name: "bootstrap", start: kernelBase },
];

/** Pages one after the other with the same rights. */
@struct
class Run {
  start: u64 = 0;
  pages: u64 = 0;
  rights: u64 = 0;
  lines: u64 = 0;
}

/** Prints runs of pages with the same rights, lowest first, and how many pages of each kind there are. */
export function printMaps(printer: Printer): void {
  const run = new Run();
  let address: u64 = 0;
  do {
    const found = tables.leafTable(tables.kernelRoot, address);
    const skip = entrySpan(max<u32>(found.level, 2));
    if (found.level === 1) {
      const above = rightsAbove(address);
      for (let page: u64 = 0; page < 512; page++) {
        note(printer, run, address + page * pageSize, pteQueue.peek(slotOf(found.table, page)) | above);
      }
    } else {
      finish(printer, run);
    }
    address = (address & ~(skip - 1)) + skip;
    if (address === 0x800000000000) address = directMapBase; // over what is no address, and what is Xen's
  } while (address !== 0);
  finish(printer, run);
  if (run.lines > lineLimit) printer.print(`and ${run.lines - lineLimit} more`);
}

/** What the entries above the lowest level forbid. */
function rightsAbove(address: u64): u64 {
  let forbidden: u64 = 0;
  let table = tables.kernelRoot;
  for (let level: u32 = 4; level > 1; level--) {
    const entry = pteQueue.peek(slotOf(table, tableIndex(address, level)));
    forbidden |= entry & PageFlag.NoExecute;
    table = entryFrame(entry);
  }
  return forbidden;
}

function note(printer: Printer, run: Run, address: u64, entry: u64): void {
  const rights: u64 = isPresent(entry)
    ? entry & (PageFlag.Present | PageFlag.Writable | PageFlag.NoExecute)
    : 0;
  if (run.pages > 0 && rights === run.rights && run.start + run.pages * pageSize === address) {
    run.pages++;
    return;
  }
  finish(printer, run);
  if (rights === 0) return;
  run.start = address;
  run.pages = 1;
  run.rights = rights;
}

function finish(printer: Printer, run: Run): void {
  if (run.pages === 0) return;
  run.lines++;
  if (run.lines <= lineLimit) {
    const end: u64 = run.start + run.pages * pageSize;
    printer.print(
      `${hex(run.start, 16)} to ${hex(end, 16)} ${describeRights(run.rights)} ${regionOf(run.start)}, ${run.pages} pages`,
    );
  }
  run.pages = 0;
}

/** Each page that is mapped twice over writable and executable is a defect: such rights are shown as what they are. */
function describeRights(rights: u64): string {
  if ((rights & PageFlag.NoExecute) !== 0) return (rights & PageFlag.Writable) !== 0 ? "rw-" : "r--";
  return (rights & PageFlag.Writable) !== 0 ? "rwx" : "r-x";
}

function regionOf(address: u64): string {
  let name = "";
  for (const region of regions) {
    if (address >= region.start) name = region.name;
  }
  return name;
}
