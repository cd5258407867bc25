/** Who has the memory: the monitor's `mem`. What is gone and should not be shows here, under its owner's name. */
import { bootstrapFrameCount } from "../arch/x86-xen/kernel-frames.ts";
import { p2mLength } from "../arch/x86-xen/p2m.ts";
import type { Printer } from "../lib/printer.ts";
import { heap } from "./kernel-heap.ts";
import { frames, tables } from "./memory.ts";
import { Owner, ownerCount, ownerName } from "./owner.ts";
import { stackCounts } from "./stacks.ts";

const pagesPerMb = 256;

/** Prints every owner that has something. */
export function printMemory(printer: Printer): void {
  const all = p2mLength();
  printer.print(`${all} pages (${all / pagesPerMb} MB), ${frames.total} of them opened, ${frames.free} free`);
  printer.print(`${bootstrapFrameCount()} pages in the bootstrap mapping, the others in the direct map`);
  for (let number: u32 = 1; number < ownerCount; number++) {
    const owner = number as Owner;
    const pages = frames.owned[number];
    const pieces = heap.pieces[number];
    if (pages + pieces === 0) continue;
    printer.print(
      `  ${ownerName(owner)}: ${pages} pages, ${pieces} pieces of the heap (${heap.bytes[number]} bytes)`,
    );
  }
  const stacks = stackCounts();
  printer.print(
    `stacks: ${stacks.inUse} in use, ${stacks.kept} kept; page tables: ${tables.counters.made} made, ${tables.counters.released} given back`,
  );
  printer.print(`${frames.granted} grants to peers; ${frames.failed} requests could not be met`);
}

/** What an owner does not give back: it is there for the next time. */
function isKept(owner: Owner): boolean {
  return (
    owner === Owner.PageTables ||
    owner === Owner.Heap ||
    owner === Owner.FrameRecords ||
    owner === Owner.Grants
  );
}

/** What owners had at one time, to be compared with what they have later: a difference is a leak. */
@struct
export class MemoryMark {
  readonly pages = new FixedArray<u64, 19>();
  readonly pieces = new FixedArray<u64, 19>();

  constructor() {
    copy(this.pages, frames.owned);
    copy(this.pieces, heap.pieces);
  }

  /** Prints who has more than then; how many owners that are. */
  printLeaks(printer: Printer): u32 {
    let leaking: u32 = 0;
    for (let number: u32 = 1; number < ownerCount; number++) {
      if (isKept(number as Owner)) continue;
      const pages: u64 = frames.owned[number] - this.pages[number];
      const pieces: u64 = heap.pieces[number] - this.pieces[number];
      if ((pages as i64) <= 0 && (pieces as i64) <= 0) continue;
      printer.print(
        `leak: ${ownerName(number as Owner)} has ${pages as i64} pages and ${pieces as i64} pieces more`,
      );
      leaking++;
    }
    return leaking;
  }
}
