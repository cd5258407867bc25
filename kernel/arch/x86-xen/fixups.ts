/**
 * Instructions that may fault: where a fault inside a declared range happens in the kernel, it goes on at the range's fix-up
 * as if it had been a jump. The probes below are made of it: they read what may not be there.
 */
import { addressOf, sliceAt, symbolAddress } from "xenlet:unsafe";
import type { TrapFrame } from "./trap-frame.ts";

/** traps.S: see there. */
declare function probe_copy(to: u64, from: u64, count: u64): u64;
declare function probe_word(to: u64, from: u64): boolean;
declare function probe_store(to: u64, value: u64): boolean;

/** Instructions from `start` up to, not including, `end`, and where to go on. */
@struct({ size: 24 })
export class FixupRange {
  @offset(0) start: u64 = 0;
  @offset(8) end: u64 = 0;
  @offset(16) fixup: u64 = 0;
}

/** Why a probe found nothing. */
export const enum ProbeFault {
  /** Nothing is mapped there, or not for this. */
  NotMapped,
  /** Bits 47 to 63 differ: the processor has no such address. */
  NotCanonical,
}

const declaredLimit = 16;
const declared = new FixedArray<FixupRange, 16>();
let declaredCount: usize = 0;
let taken: u64 = 0;

/** Adds a range; those of traps.S are there from the start. */
export function declareFixup(start: u64, end: u64, fixup: u64): Result<undefined> {
  if (start >= end) return err("a fix-up range that is empty");
  if (declaredCount === declaredLimit) return err("no room for one more fix-up range");
  const range = declared[declaredCount];
  range.start = start;
  range.end = end;
  range.fixup = fixup;
  declaredCount++;
  return ok();
}

/** Has the interrupted code go on at its fix-up, where it has one. @interrupt */
export function applyFixup(frame: TrapFrame): boolean {
  if ((frame.cs & 3) !== 0) return false; // a program can make rip anything
  const target = findFixup(builtIn(), frame.rip) | findFixup(declared.slice(0, declaredCount), frame.rip);
  if (target === 0) return false;
  frame.rip = target;
  taken++;
  return true;
}

/** Ranges that there are, and faults that went on at a fix-up. */
export function fixupCounts(): FixupCounts {
  return { ranges: builtIn().length + declaredCount, taken };
}
export type FixupCounts = { readonly ranges: u64; readonly taken: u64 };

function builtIn(): Slice<FixupRange> {
  const start = symbolAddress("fixup_table");
  return sliceAt<FixupRange>(start, (symbolAddress("fixup_table_end") - start) / sizeOf<FixupRange>());
}

/** 0 where there is none. */
function findFixup(ranges: Slice<FixupRange>, rip: u64): u64 {
  for (const range of ranges) {
    if (rip >= range.start && rip < range.end) return range.fixup;
  }
  return 0;
}

/** The 8 bytes at any address, by one load; memory that cannot be read is a result, and no fault. */
export function probeRead(address: u64): Result<u64, ProbeFault> {
  const word = new FixedArray<u64, 1>();
  return probe_word(addressOf(word), address) ? ok(word[0]) : err(faultAt(address));
}

/** Writes 8 bytes, where that is possible. Page tables are read-only, so a probe cannot change them. */
export function probeWrite(address: u64, value: u64): Result<undefined, ProbeFault> {
  return probe_store(address, value) ? ok() : err(faultAt(address));
}

/** Copies to the front of `into` as many bytes as can be read from `address` on: how many. */
export function probeCopy(into: Slice<u8>, address: u64): usize {
  return probe_copy(addressOf(into), address, into.length);
}

function faultAt(address: u64): ProbeFault {
  return isCanonical(address) ? ProbeFault.NotMapped : ProbeFault.NotCanonical;
}

/** Whether the processor has the address: bits 47 to 63 are all the same. */
export function isCanonical(address: u64): boolean {
  const high: u64 = address >> 47;
  return high === 0 || high === 0x1ffff;
}

export function describeProbeFault(fault: ProbeFault): string {
  switch (fault) {
    case ProbeFault.NotMapped:
      return "nothing is mapped there";
    case ProbeFault.NotCanonical:
      return "no address of the processor: bits 47 to 63 differ";
  }
}
