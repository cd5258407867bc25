/** Traps so far, and who handles them: the monitor's `trap`. */
import type { Printer } from "../../lib/printer.ts";
import { describeWatch, watchpoint, watchpointCount } from "./debug.ts";
import { fixupCounts } from "./fixups.ts";
import { fpuCounts } from "./fpu.ts";
import { isOverridden, trapCount } from "./traps.ts";
import { describeVector, vectorCount } from "./vectors.ts";

/** Prints the vectors that came or are overridden, watchpoints, fix-ups and floating-point traffic. */
export function printTraps(printer: Printer): void {
  let quiet: u32 = 0;
  for (let vector: u64 = 0; vector < vectorCount; vector++) {
    if (trapCount(vector) === 0 && !isOverridden(vector)) {
      quiet++;
      continue;
    }
    const who = isOverridden(vector) ? "overridden" : "by default";
    printer.print(`${vector} ${describeVector(vector)}: ${trapCount(vector)} so far, handled ${who}`);
  }
  printer.print(`${quiet} vectors never came, and would be handled by default`);
  for (let slot: u32 = 0; slot < watchpointCount; slot++) {
    const state = watchpoint(slot);
    if (!state.used) continue;
    printer.print(
      `watchpoint ${slot}: ${describeWatch(state.kind)} at 0x${hex(state.address, 16)}, ${state.bytes} bytes, ${state.hits} hits`,
    );
  }
  const fixups = fixupCounts();
  printer.print(`fix-ups: ${fixups.ranges} ranges, ${fixups.taken} taken`);
  const fpu = fpuCounts();
  printer.print(`floating point: ${fpu.traps} traps, ${fpu.loads} states loaded, ${fpu.saves} saved`);
}
