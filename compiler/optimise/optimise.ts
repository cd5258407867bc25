/** What is done to a program between checking and printing: checks that cannot fail are taken away. */
import type * as ir from "../ir/ir.ts";
import { proveChecks } from "./prove.ts";

/** Takes the checks away that can be proved; the program does the same as before. Returns how many went. */
export function optimise(program: ir.Program): number {
  let removed = 0;
  for (const function_ of program.functions) {
    for (const node of proveChecks(function_)) {
      if (!("check" in node) || !node.check) continue;
      node.check = false;
      removed++;
    }
  }
  return removed;
}
