/** Everything that is done where nobody else wants the CPU, the most urgent first. */
import { busyGrants } from "./busy-grants.ts";
import type { IdleWork } from "./idle-work.ts";
import { memoryAhead } from "./memory-ahead.ts";

export const whenIdle: FixedArray<IdleWork, 2> = [busyGrants, memoryAhead];
