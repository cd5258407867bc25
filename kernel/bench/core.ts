/** `bench=core`: what the kernel's own operations cost beside what Xen itself takes for them. docs/benchmarks.md */
import { measureHypercalls } from "./hypercalls.ts";
import { measureMemory } from "./memory.ts";
import { measurePageTables } from "./page-tables.ts";
import * as log from "../lib/log.ts";

/** Prints every figure, then that there are no more. Needs memory. @allocates */
export function measureCore(): void {
  measureHypercalls();
  measurePageTables();
  measureMemory();
  log.info("bench: done");
}
