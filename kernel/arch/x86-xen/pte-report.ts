/** What the pte queue has done: the monitor's `pte`. */
import type { Printer } from "../../lib/printer.ts";
import type { PteQueue } from "./pte-queue.ts";

export function printPteQueue(printer: Printer, queue: PteQueue): void {
  const seen = queue.counters;
  const perFlush: u64 = seen.flushes > 0 ? (seen.entries * 10) / seen.flushes : 0;
  printer.print(`pte queue: ${queue.eager ? "eager" : "batched"}, ${queue.updateCount} entries wait`);
  printer.print(
    `  ${seen.hypercalls} hypercalls for ${seen.entries} entries and ${seen.operations} operations`,
  );
  printer.print(
    `  ${seen.flushes} batches, ${perFlush / 10}.${perFlush % 10} entries each, ${seen.largest} at most; ${seen.single} entries went alone`,
  );
  printer.print(`  flushed early: ${seen.full} full, ${seen.readBack} read back, ${seen.ordered} for order`);
  printer.print(
    `  ${seen.skipped} writes skipped, ${seen.stored} entries written before their table was linked`,
  );
  printer.print(
    `  TLB: ${seen.pageFlushes} pages, ${seen.tlbFlushes} as a whole; ${seen.refused} requests refused`,
  );
}
