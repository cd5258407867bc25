/** `bench=core`: what the kernel's own operations cost beside what Xen itself takes for them. docs/benchmarks.md */
import { measureAddressSpaces } from "./address-spaces.ts";
import { measureEvents } from "./events.ts";
import { measureGrants } from "./grants.ts";
import { measureHypercalls } from "./hypercalls.ts";
import { measureMemory } from "./memory.ts";
import { measurePageTables } from "./page-tables.ts";
import { measureTasks } from "./tasks.ts";

/** Prints every figure. @allocates @blocks */
export function measureCore(): void {
  measureHypercalls();
  measurePageTables();
  measureEvents();
  measureTasks();
  measureMemory();
  measureGrants();
  measureAddressSpaces();
}
