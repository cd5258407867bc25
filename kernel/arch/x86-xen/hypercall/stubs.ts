/**
 * The one door to Xen: its hypercalls, as the stubs of stubs.S make them. Only the files of this folder go through it; each
 * has the calls about one thing. A refusal comes back as an `Errno`; what a caller makes of it is its own matter.
 *
 * Each stub returns what Xen returns, negative for an errno. `request` is the address of what `op` wants.
 */
import type { Errno } from "../../../xen-abi/errno.ts";
import type {} from "xenlet:unsafe"; // the stubs are assembly

export declare function HYPERVISOR_set_trap_table(table: u64): i64;
export declare function HYPERVISOR_mmu_update(requests: u64, count: u64, done: u64, domain: u64): i64;
export declare function HYPERVISOR_stack_switch(selector: u64, stack: u64): i64;
export declare function HYPERVISOR_fpu_taskswitch(set: u64): i64;
export declare function HYPERVISOR_set_debugreg(register: u64, value: u64): i64;
export declare function HYPERVISOR_get_debugreg(register: u64): i64;
export declare function HYPERVISOR_memory_op(op: u64, request: u64): i64;
export declare function HYPERVISOR_multicall(calls: u64, count: u64): i64;
export declare function HYPERVISOR_update_va_mapping(address: u64, entry: u64, flush: u64): i64;
export declare function HYPERVISOR_xen_version(op: u64, buffer: u64): i64;
export declare function HYPERVISOR_console_io(op: u64, length: u64, bytes: u64): i64;
export declare function HYPERVISOR_grant_table_op(op: u64, requests: u64, count: u64): i64;
export declare function HYPERVISOR_vcpu_op(op: u64, vcpu: u64, request: u64): i64;
export declare function HYPERVISOR_mmuext_op(operations: u64, count: u64, done: u64, domain: u64): i64;
export declare function HYPERVISOR_sched_op(op: u64, request: u64): i64;
export declare function HYPERVISOR_callback_op(op: u64, request: u64): i64;
export declare function HYPERVISOR_event_channel_op(op: u64, request: u64): i64;

/** Done, or why not. */
export type Outcome = Result<undefined, Errno>;
/** A number from Xen, or why there is none. */
export type Answer = Result<u64, Errno>;

/** What Xen returned, of a call that has nothing else to say. */
export function outcome(returned: i64): Outcome {
  return returned < 0 ? err(-returned as u32 as Errno) : ok();
}

/** What Xen returned, of a call that answers with a number. */
export function answer(returned: i64): Answer {
  return returned < 0 ? err(-returned as u32 as Errno) : ok(returned as u64);
}
