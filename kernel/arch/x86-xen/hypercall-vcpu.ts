/** The hypercalls about vCPUs: part of the one door to Xen (hypercall.ts). */
import { addressOf } from "xenlet:unsafe";
import type { Errno } from "../../xen-abi/errno.ts";
import { VcpuOp, VcpuSetSingleshotTimer } from "../../xen-abi/vcpu.ts";
import type { Outcome } from "./hypercall.ts";

// As in hypercall.ts.
declare function HYPERVISOR_vcpu_op(op: u64, vcpu: u64, request: u64): i64;

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

function outcome(returned: i64): Outcome {
  return returned < 0 ? err(-returned as u32 as Errno) : ok();
}
