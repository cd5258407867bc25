/**
 * Functions that may be called again before they have returned: those in a circle of the call graph. Only they can use up
 * a stack, so only they look whether there is enough of it left.
 */
import type * as ir from "../ir/ir.ts";
import { callTargets } from "./call-targets.ts";

interface Visit {
  /** The order in which functions were met. */
  readonly order: number;
  /** The earliest function, by that order, that this one leads back to. */
  low: number;
  open: boolean;
}

/** By Tarjan's algorithm: the members of every circle, those of one function included. */
export function findRecursive(program: ir.Program): ReadonlySet<ir.Function_> {
  const targets = callTargets(program);
  const visits = new Map<ir.Function_, Visit>();
  const path: ir.Function_[] = [];
  const recursive = new Set<ir.Function_>();
  const visit = (one: ir.Function_): Visit => {
    const own: Visit = { order: visits.size, low: visits.size, open: true };
    visits.set(one, own);
    path.push(one);
    for (const callee of one.calls.flatMap(targets)) {
      if (callee === one) recursive.add(one);
      const met = visits.get(callee) ?? visit(callee);
      if (met.open) own.low = Math.min(own.low, met.low);
    }
    if (own.low === own.order) close(own, path.splice(path.indexOf(one)));
    return own;
  };
  const close = (root: Visit, circle: readonly ir.Function_[]): void => {
    for (const member of circle) {
      const met = visits.get(member);
      if (met !== undefined) met.open = false;
      if (circle.length > 1) recursive.add(member);
    }
    root.open = false;
  };
  for (const one of program.functions) {
    if (!visits.has(one)) visit(one);
  }
  return recursive;
}
