/** Hypercalls by which a vCPU gives its time away, and a domain ends. */
import { addressOf } from "xenlet:unsafe";
import { SchedOp, SchedPoll, SchedShutdown, type ShutdownReason } from "../../../xen-abi/sched.ts";
import { HYPERVISOR_sched_op } from "./stubs.ts";

/** Lets other vCPUs run first. */
export function yieldCpu(): void {
  HYPERVISOR_sched_op(SchedOp.Yield, 0);
}

/** Unmasks upcalls and sleeps until there is an event, in one step that misses none. @blocks */
export function block(): void {
  HYPERVISOR_sched_op(SchedOp.Block, 0);
}

/**
 * Sleeps until a port rings that was not pending, or until `deadline` (ns of system time), without an upcall, which must be
 * masked. Not tagged as blocking, since it ends in any case: who waits for a console from a trap has nothing else to do.
 */
export function pollUntil(deadline: u64): void {
  const request = new SchedPoll(); // no ports: every one will do
  request.timeout = deadline;
  HYPERVISOR_sched_op(SchedOp.Poll, addressOf(request));
}

/** Asks for the domain's end. Comes back only where Xen refuses. */
export function requestShutdown(reason: ShutdownReason): void {
  const request = new SchedShutdown();
  request.reason = reason;
  HYPERVISOR_sched_op(SchedOp.Shutdown, addressOf(request));
}
