/**
 * The way that the processor goes from an address to its frame, entry by entry, for reports. Nothing here may fault: tables
 * are read by probes, and where a table cannot be seen the walk says so and ends.
 */
import * as log from "../../lib/log.ts";
import { mfnNumber, pfnNumber, toPfn, virtNumber, type Mfn, type Pfn } from "../../xen-abi/addresses.ts";
import { machineToPhysEnd, machineToPhysStart } from "../../xen-abi/arch-x86.ts";
import { isCanonical, probeRead } from "./fixups.ts";
import { kernelAddress } from "./kernel-frames.ts";
import { mfnOf, p2mLength } from "./p2m.ts";
import { PageFlag } from "./page-entry.ts";
import { entryFrame, isPresent, isWritable, tableIndex, userBit } from "./page-table-entry.ts";
import type { PageTables } from "./pagetable.ts";

/** What those who give memory away know about addresses and frames. */
export interface AddressBook {
  /** The region that the address is in. @interrupt */
  regionOf(address: u64): string;
  /** Who has the frame. @interrupt */
  ownerOf(frame: Pfn): string;
  /** Whether nothing but a stack that overflowed goes to this address, which is not mapped. @interrupt */
  isStackGuard(address: u64): boolean;
}

const largeBit = 1 << 7;
const bytesPerEntry = 8;

let walkedTables: PageTables | null = null;
let walkedBook: AddressBook | null = null;

/** From here on walks start at the root that `tables` runs on, and `book` tells whose the frames are. */
export function adoptTables(tables: PageTables, book: AddressBook): void {
  walkedTables = tables;
  walkedBook = book;
}

/** One entry on the way. */
export type WalkStep =
  | { readonly kind: "entry"; readonly entry: u64 }
  /** The table is no frame of this domain, or is mapped nowhere. */
  | { readonly kind: "unreachable" };

/** The entry of `table` at `level` (4 to 1) on the way to `address`. @interrupt */
export function walkStep(table: Mfn, level: u32, address: u64): WalkStep {
  const frame = safePfnOf(table);
  if (!frame.ok) return { kind: "unreachable" };
  const place: u64 = virtNumber(kernelAddress(frame.value)) + tableIndex(address, level) * bytesPerEntry;
  const entry = probeRead(place);
  return entry.ok ? { kind: "entry", entry: entry.value } : { kind: "unreachable" };
}

/** The domain's own number of a machine frame, without trusting it to have one. @interrupt */
export function safePfnOf(frame: Mfn): Result<Pfn> {
  const place: u64 = machineToPhysStart + mfnNumber(frame) * bytesPerEntry;
  if (place < machineToPhysStart || place >= machineToPhysEnd) return err("no frame of any machine");
  const number = probeRead(place);
  if (!number.ok) return err("Xen does not know the frame");
  if (number.value >= p2mLength()) return err("not this domain's");
  const found = toPfn(number.value);
  return mfnOf(found) === frame ? ok(found) : err("not this domain's");
}

/** Whether a page that is not mapped is the guard of a stack. @interrupt */
export function isGuardOfStack(address: u64): boolean {
  const book = walkedBook;
  return book !== null && book.isStackGuard(address);
}

/** The region that an address is in; empty before memory is known. @interrupt */
export function regionOf(address: u64): string {
  const book = walkedBook;
  return book === null ? "" : book.regionOf(address);
}

/** Writes each level's entry to the log. @interrupt */
export function printPageWalk(address: u64): void {
  if (!isCanonical(address)) {
    log.emergency("  no page table has it: bits 47 to 63 of the address differ");
    return;
  }
  const tables = walkedTables;
  if (tables === null) {
    log.emergency("  the page tables are not known yet");
    return;
  }
  let table = tables.currentRoot;
  for (let level: u32 = 4; level > 0; level--) {
    const step = walkStep(table, level, address);
    const index = tableIndex(address, level);
    if (step.kind === "unreachable") {
      log.emergency(
        `  L${level}[${index}] not reachable: its table, machine frame 0x${hex(mfnNumber(table))}, is not mapped`,
      );
      return;
    }
    printEntry(level, index, step.entry);
    if (!isPresent(step.entry)) return;
    if (level > 1 && (step.entry & largeBit) !== 0) return;
    table = entryFrame(step.entry);
  }
}

function printEntry(level: u32, index: u64, entry: u64): void {
  if (!isPresent(entry)) {
    log.emergency(`  L${level}[${index}] ${hex(entry, 16)} not present`);
    return;
  }
  const frame = entryFrame(entry);
  const write = isWritable(entry) ? "writable" : "read-only";
  const execute = (entry & PageFlag.NoExecute) === 0 ? "executable" : "no-execute";
  const user = (entry & userBit) !== 0 ? "user" : "supervisor";
  const accessed = (entry & PageFlag.Accessed) !== 0 ? ", accessed" : "";
  const dirty = level === 1 && (entry & PageFlag.Dirty) !== 0 ? ", dirty" : "";
  const large = level > 1 && (entry & largeBit) !== 0 ? ", large page" : "";
  const owner = safePfnOf(frame);
  if (!owner.ok) {
    log.emergency(
      `  L${level}[${index}] ${hex(entry, 16)} ${write}, ${execute}, ${user}${accessed}${dirty}${large}; machine frame 0x${hex(mfnNumber(frame))}, ${owner.error}`,
    );
    return;
  }
  log.emergency(
    `  L${level}[${index}] ${hex(entry, 16)} ${write}, ${execute}, ${user}${accessed}${dirty}${large}; machine frame 0x${hex(mfnNumber(frame))} = frame 0x${hex(pfnNumber(owner.value))}, ${ownerOf(owner.value)}`,
  );
}

function ownerOf(frame: Pfn): string {
  const book = walkedBook;
  return book === null ? "owner unknown" : book.ownerOf(frame);
}
