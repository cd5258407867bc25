/** All that the compiler benchmark runs. */
import { checksumWorkload } from "./workloads/checksum.ts";
import { eventsWorkload } from "./workloads/events.ts";
import { headersWorkload } from "./workloads/headers.ts";
import { pageTableWorkload } from "./workloads/page-table.ts";
import { ringWorkload } from "./workloads/ring.ts";
import { slotRingWorkload } from "./workloads/slot-ring.ts";
import type { Workload } from "./workload.ts";

export const workloads: readonly Workload[] = [
  checksumWorkload(),
  pageTableWorkload(),
  ringWorkload(),
  headersWorkload(),
  eventsWorkload(),
  // Last, as the one that not every form has: instructions.ts counts from the front.
  slotRingWorkload(),
];
