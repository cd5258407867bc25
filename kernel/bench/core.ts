/** `bench=core`: what the kernel's own operations cost beside what Xen itself takes for them. docs/benchmarks.md */
import { measureAddressSpaces } from "./address-spaces.ts";
import { measureHypercalls } from "./hypercalls.ts";
import { measureMemory } from "./memory.ts";
import { measurePageTables } from "./page-tables.ts";

/** Prints every figure. @allocates */
export function measureCore(): void {
  measureHypercalls();
  measurePageTables();
  measureMemory();
  measureAddressSpaces();
}
