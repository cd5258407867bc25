/** Hypercalls about a vCPU: its timer, and Xen's account of its time. */
import { addressOf } from "xenlet:unsafe";
import { getRunstateInfo, Runstate, VcpuRunstateInfo } from "../../../xen-abi/runstate.ts";
import { VcpuOp, VcpuSetSingleshotTimer } from "../../../xen-abi/vcpu.ts";
import { HYPERVISOR_vcpu_op, outcome, type Outcome } from "./stubs.ts";

/** Raises VIRQ_TIMER on `vcpu` when system time reaches `deadline`; at once where it has. Replaces what was set before. */
export function setSingleshotTimer(vcpu: u32, deadline: u64): Outcome {
  const request = new VcpuSetSingleshotTimer();
  request.timeoutAbsNs = deadline;
  return outcome(HYPERVISOR_vcpu_op(VcpuOp.SetSingleshotTimer, vcpu, addressOf(request)));
}

/** Ends the periodic VIRQ_TIMER that Xen starts a vCPU with. */
export function stopPeriodicTimer(vcpu: u32): Outcome {
  return outcome(HYPERVISOR_vcpu_op(VcpuOp.StopPeriodicTimer, vcpu, 0));
}

/** What this vCPU's time has gone to. */
export function readRunstate(vcpu: u32, into: VcpuRunstateInfo): void {
  const returned = HYPERVISOR_vcpu_op(getRunstateInfo, vcpu, addressOf(into));
  assert(returned === 0, "Xen keeps the account of every vCPU");
}

/** Nanoseconds for which `vcpu` had a CPU so far. */
export function runningTime(vcpu: u32): u64 {
  const account = new VcpuRunstateInfo();
  readRunstate(vcpu, account);
  return account.time[Runstate.Running];
}
