/** Hypercalls for what a kernel of its own machine has instructions for: the tables and registers of this vCPU. */
import { addressOf, frameAddress } from "xenlet:unsafe";
import type { VirtAddr } from "../../../xen-abi/addresses.ts";
import type { TrapInfo } from "../../../xen-abi/arch-x86.ts";
import { CallbackOp, CallbackRegister, type CallbackType } from "../../../xen-abi/callback.ts";
import {
  HYPERVISOR_callback_op,
  HYPERVISOR_fpu_taskswitch,
  HYPERVISOR_get_debugreg,
  HYPERVISOR_set_debugreg,
  HYPERVISOR_set_trap_table,
  HYPERVISOR_stack_switch,
  outcome,
  type Outcome,
} from "./stubs.ts";

/** `FLAT_KERNEL_SS`. */
const kernelStackSelector = 0xe02b;

/** Installs a virtual IDT; `table` ends with a line whose address is 0. */
export function setTrapTable(table: Slice<TrapInfo>): Outcome {
  return outcome(HYPERVISOR_set_trap_table(addressOf(table)));
}

/** Says where Xen enters the guest for events or failures. */
export function registerCallback(type: CallbackType, flags: u16, address: VirtAddr): Outcome {
  const request = new CallbackRegister();
  request.type = type as u16;
  request.flags = flags;
  request.address = address;
  return outcome(HYPERVISOR_callback_op(CallbackOp.Register, addressOf(request)));
}

/**
 * Says where the kernel's stack begins when a program is interrupted. As there are no programs, nothing follows from it: Xen
 * notes two words, and who measures learns what the way to Xen and back costs.
 */
export function switchKernelStack(): void {
  const returned = HYPERVISOR_stack_switch(kernelStackSelector, frameAddress());
  assert(returned === 0, "Xen takes the stack");
}

/** `true`: the next use of floating point traps (CR0.TS). Xen clears it when it delivers that trap. */
export function setFpuTrap(trap: boolean): void {
  HYPERVISOR_fpu_taskswitch(trap ? 1 : 0); // has no way to fail
}

/** Sets one of the debug registers 0 to 3, 6 and 7; Xen refuses addresses of its own, and reserved bits. */
export function setDebugRegister(register: u32, value: u64): Outcome {
  return outcome(HYPERVISOR_set_debugreg(register, value));
}

/** What the debug register holds; of an unknown one an errno as a number, which no caller here asks for. */
export function getDebugRegister(register: u32): u64 {
  return HYPERVISOR_get_debugreg(register) as u64;
}
