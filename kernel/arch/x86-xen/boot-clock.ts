/** When booting reached which stage, counted from the moment at which the toolstack let the domain run. */
import { VcpuRunstateInfo, Runstate } from "../../xen-abi/runstate.ts";
import { readRunstate } from "./hypercall/vcpu.ts";
import { counterNow, nanosecondsSince } from "./system-time.ts";

export const enum BootStage {
  /** The first instruction of the kernel proper. */
  Entry,
  /** The banner is on the console. */
  Banner,
  /** All is up: what follows is idling, or work. */
  Ready,
}

const stamps = new FixedArray<u64, 3>();

/** Notes that `stage` is reached. Works before anything else does. */
export function markBoot(stage: BootStage): void {
  stamps[stage] = counterNow();
}

/** Nanoseconds since `stage` was reached. Needs the shared info page. */
export function timeSince(stage: BootStage): u64 {
  return nanosecondsSince(stamps[stage]);
}

/**
 * Nanoseconds from the domain's unpausing to `stage`: since then the boot vCPU ran, wanted to run or waited, and never before.
 */
export function timeToReach(stage: BootStage): u64 {
  const account = new VcpuRunstateInfo();
  readRunstate(0, account);
  const alive: u64 =
    account.time[Runstate.Running] + account.time[Runstate.Runnable] + account.time[Runstate.Blocked];
  return alive - nanosecondsSince(stamps[stage]);
}
