/** The door to Xen, for whoever measures: the call that has least to do, and Xen's own account of the vCPU's time. */
import { addressOf, frameAddress } from "xenlet:unsafe";
import { getRunstateInfo, type VcpuRunstateInfo } from "../../xen-abi/runstate.ts";

// As in hypercall.ts.
declare function HYPERVISOR_stack_switch(selector: u64, stack: u64): i64;
declare function HYPERVISOR_vcpu_op(op: u64, vcpu: u64, request: u64): i64;

/** `FLAT_KERNEL_SS`. */
const kernelStackSelector = 0xe02b;

/**
 * Says where the kernel's stack begins when a program is interrupted. As there are no programs, nothing follows from it: Xen
 * notes two words.
 */
export function switchKernelStack(): void {
  const returned = HYPERVISOR_stack_switch(kernelStackSelector, frameAddress());
  assert(returned === 0, "Xen takes the stack");
}

/** What this vCPU's time has gone to. */
export function readRunstate(vcpu: u32, into: VcpuRunstateInfo): void {
  const returned = HYPERVISOR_vcpu_op(getRunstateInfo, vcpu, addressOf(into));
  assert(returned === 0, "Xen keeps the account of every vCPU");
}
