/**
 * The one door to Xen: every hypercall of the kernel is a function of this file. A refusal comes back as an `Errno`; what a
 * caller makes of it is its own matter.
 */
import { addressOf } from "xenlet:unsafe";
import { virtNumber, type VirtAddr } from "../../xen-abi/addresses.ts";
import type { TrapInfo } from "../../xen-abi/arch-x86.ts";
import { CallbackOp, CallbackRegister, type CallbackType } from "../../xen-abi/callback.ts";
import { domIdSelf } from "../../xen-abi/domain.ts";
import type { Errno } from "../../xen-abi/errno.ts";
import {
  EventBindVirq,
  EventOp,
  EventSend,
  EventStatus,
  EventUnmask,
  type EventPort,
} from "../../xen-abi/event-channel.ts";
import { SchedOp, SchedPoll, SchedShutdown, type ShutdownReason } from "../../xen-abi/sched.ts";
import type { VersionOp } from "../../xen-abi/version.ts";
import { ConsoleIo, type FlushMode, type MulticallEntry, type Virq } from "../../xen-abi/xen.ts";

// The hypercalls as entry.S has them: what Xen returns, negative for an errno. `request` is the address of what `op` wants.
declare function HYPERVISOR_set_trap_table(table: u64): i64;
declare function HYPERVISOR_fpu_taskswitch(set: u64): i64;
declare function HYPERVISOR_set_debugreg(register: u64, value: u64): i64;
declare function HYPERVISOR_get_debugreg(register: u64): i64;
declare function HYPERVISOR_callback_op(op: u64, request: u64): i64;
declare function HYPERVISOR_update_va_mapping(address: u64, entry: u64, flush: u64): i64;
declare function HYPERVISOR_multicall(calls: u64, count: u64): i64;
declare function HYPERVISOR_xen_version(op: u64, buffer: u64): i64;
declare function HYPERVISOR_console_io(op: u64, length: u64, bytes: u64): i64;
declare function HYPERVISOR_event_channel_op(op: u64, request: u64): i64;
declare function HYPERVISOR_sched_op(op: u64, request: u64): i64;

/** Done, or why not. */
export type Outcome = Result<undefined, Errno>;
/** A number from Xen, or why there is none. */
export type Answer = Result<u64, Errno>;

function outcome(returned: i64): Outcome {
  return returned < 0 ? err(-returned as u32 as Errno) : ok();
}

function answer(returned: i64): Answer {
  return returned < 0 ? err(-returned as u32 as Errno) : ok(returned as u64);
}

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

/** Sets the lowest-level page-table entry of `address`. */
export function updateVaMapping(address: VirtAddr, entry: u64, flush: FlushMode): Outcome {
  return outcome(HYPERVISOR_update_va_mapping(virtNumber(address), entry, flush));
}

/** Runs the calls one after the other; each has its own result in its entry. */
export function multicall(calls: Slice<MulticallEntry>): Outcome {
  return outcome(HYPERVISOR_multicall(addressOf(calls), calls.length));
}

/** Asks Xen about itself; what `buffer` (an address, or 0) holds depends on `op`. */
export function xenVersion(op: VersionOp, buffer: u64): Answer {
  return answer(HYPERVISOR_xen_version(op, buffer));
}

/** Writes to Xen's own console; refused where Xen does not want a guest's words there. */
export function writeXenConsole(bytes: Slice<u8>): Outcome {
  return outcome(HYPERVISOR_console_io(ConsoleIo.Write, bytes.length, addressOf(bytes)));
}

/** Takes what has arrived on Xen's own console: the number of bytes. First domain only. */
export function readXenConsole(into: Slice<u8>): Answer {
  return answer(HYPERVISOR_console_io(ConsoleIo.Read, into.length, addressOf(into)));
}

/** Rings the doorbell at the other end of `port`. */
export function sendEvent(port: EventPort): Outcome {
  const request = new EventSend();
  request.port = port;
  return outcome(HYPERVISOR_event_channel_op(EventOp.Send, addressOf(request)));
}

/** Clears the port's mask bit, and has an upcall made where an event came in the meantime. */
export function unmaskEvent(port: EventPort): Outcome {
  const request = new EventUnmask();
  request.port = port;
  return outcome(HYPERVISOR_event_channel_op(EventOp.Unmask, addressOf(request)));
}

/** Asks what is at the other end of one of this domain's ports. */
export function readPortStatus(port: EventPort, status: EventStatus): Outcome {
  status.dom = domIdSelf;
  status.port = port;
  return outcome(HYPERVISOR_event_channel_op(EventOp.Status, addressOf(status)));
}

/** A new port that rings for one of Xen's own interrupts. */
export function bindVirq(virq: Virq, vcpu: u32): Result<EventPort, Errno> {
  const request = new EventBindVirq();
  request.virq = virq;
  request.vcpu = vcpu;
  const returned = HYPERVISOR_event_channel_op(EventOp.BindVirq, addressOf(request));
  return returned < 0 ? err(-returned as u32 as Errno) : ok(request.port);
}

/** Lets other vCPUs run first. */
export function yieldCpu(): void {
  HYPERVISOR_sched_op(SchedOp.Yield, 0);
}

/** Unmasks upcalls and sleeps until there is an event, in one step that misses none. @blocks */
export function block(): void {
  HYPERVISOR_sched_op(SchedOp.Block, 0);
}

/**
 * Sleeps until `port` is pending, or until `deadline` (ns of system time); upcalls must be masked. Not tagged as blocking,
 * since it ends in any case: who waits for a console from a trap has nothing else to do.
 */
export function pollUntil(port: EventPort, deadline: u64): void {
  const request = new SchedPoll();
  const ports = new FixedArray<EventPort, 1>();
  ports[0] = port;
  request.ports = addressOf(ports);
  request.nrPorts = 1;
  request.timeout = deadline;
  HYPERVISOR_sched_op(SchedOp.Poll, addressOf(request));
}

/** Asks for the domain's end. Comes back only where Xen refuses. */
export function requestShutdown(reason: ShutdownReason): void {
  const request = new SchedShutdown();
  request.reason = reason;
  HYPERVISOR_sched_op(SchedOp.Shutdown, addressOf(request));
}
