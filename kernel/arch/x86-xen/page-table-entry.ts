/** What an entry of any level says, and what of it is Xen's or the CPU's own business. */
import { mfnNumber, pageShift, toMfn, toVirtAddr, type Mfn, type VirtAddr } from "../../xen-abi/addresses.ts";
import { PageFlag, type PageFlags } from "./page-entry.ts";

/** Programs may use the page. Xen sets it in every entry, since a guest's kernel runs in ring 3 as well. */
export const userBit = 1 << 2;
/** Xen sets it for pages of programs, which both sets of tables have. */
const globalBit = 1 << 8;
/** Xen's mark on an entry that came without `userBit`: a page of the kernel (`_PAGE_GUEST_KERNEL`). */
const kernelBit = 1 << 52;
const accessedBit = 1 << 5;
const dirtyBit = 1 << 6;
/** Bits 12 to 51. */
const frameMask = 0x000ffffffffff000;

/** An entry of a higher level. It limits nothing: what a page may be used for stands in its own entry. */
export function tableEntry(table: Mfn): u64 {
  return (mfnNumber(table) << pageShift) | PageFlag.Present | PageFlag.Writable | userBit | accessedBit;
}

export function isPresent(entry: u64): boolean {
  return (entry & PageFlag.Present) !== 0;
}

export function isWritable(entry: u64): boolean {
  return (entry & PageFlag.Writable) !== 0;
}

/** The frame, or table, that a present entry leads to. */
export function entryFrame(entry: u64): Mfn {
  return toMfn((entry & frameMask) >> pageShift);
}

/** An entry as the kernel wrote it: without what Xen added, and without what the CPU noted. */
export function asWritten(entry: u64): u64 {
  if (!isPresent(entry)) return entry;
  const own: u64 = (entry & kernelBit) !== 0 ? entry & ~(kernelBit | userBit) : entry;
  return own & ~(globalBit | accessedBit | dirtyBit);
}

/** Whether writing `wanted` over `now` would change nothing. */
export function sameEntry(now: u64, wanted: u64): boolean {
  return asWritten(now) === asWritten(wanted);
}

/** The flags of a present entry as the kernel gave them, the CPU's notes set. */
export function entryFlags(entry: u64): PageFlags {
  const own: u64 = asWritten(entry) & ~frameMask;
  return (own | accessedBit | (isWritable(entry) ? dirtyBit : 0)) as PageFlags;
}

/** Which of the 512 entries of a table of `level` (1 to 4) is on the way to `address`. */
export function tableIndex(address: u64, level: u32): u64 {
  return (address >> (pageShift + (level - 1) * 9)) & 511;
}

/** The bytes that one entry of `level` stands for. */
export function entrySpan(level: u32): u64 {
  const one: u64 = 1;
  return one << (pageShift + (level - 1) * 9);
}
