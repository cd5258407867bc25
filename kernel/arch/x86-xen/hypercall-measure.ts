/** The door to Xen, for whoever measures: the call that has least to do, and Xen's own account of the vCPU's time. */
import { addressOf, frameAddress } from "xenlet:unsafe";
import { getRunstateInfo, type VcpuRunstateInfo } from "../../xen-abi/runstate.ts";
import { Hypercall } from "../../xen-abi/xen.ts";

/** Hypercall `op` with up to five arguments (entry.S): what Xen returns, negative for an errno. */
declare function hypercall(op: u32, a1: u64, a2: u64, a3: u64, a4: u64, a5: u64): i64;

/** `__HYPERVISOR_stack_switch`. */
const stackSwitch = 3;
/** `FLAT_KERNEL_SS`. */
const kernelStackSelector = 0xe02b;

/**
 * Says where the kernel's stack begins when a program is interrupted. As there are no programs, nothing follows from it: Xen
 * notes two words.
 */
export function switchKernelStack(): void {
  const returned = hypercall(stackSwitch, kernelStackSelector, frameAddress(), 0, 0, 0);
  assert(returned === 0, "Xen takes the stack");
}

/** What this vCPU's time has gone to. */
export function readRunstate(vcpu: u32, into: VcpuRunstateInfo): void {
  const returned = hypercall(Hypercall.VcpuOp, getRunstateInfo, vcpu, addressOf(into), 0, 0);
  assert(returned === 0, "Xen keeps the account of every vCPU");
}
