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
import { ConsoleIo, Hypercall, type FlushMode, type MulticallEntry, type Virq } from "../../xen-abi/xen.ts";

/** Hypercall `op` with up to five arguments (entry.S): what Xen returns, negative for an errno. */
declare function hypercall(op: u32, a1: u64, a2: u64, a3: u64, a4: u64, a5: u64): i64;

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
  return outcome(hypercall(Hypercall.SetTrapTable, addressOf(table), 0, 0, 0, 0));
}

/** Says where Xen enters the guest for events or failures. */
export function registerCallback(type: CallbackType, flags: u16, address: VirtAddr): Outcome {
  const request = new CallbackRegister();
  request.type = type as u16;
  request.flags = flags;
  request.address = address;
  return outcome(hypercall(Hypercall.CallbackOp, CallbackOp.Register, addressOf(request), 0, 0, 0));
}

/** Sets the lowest-level page-table entry of `address`. */
export function updateVaMapping(address: VirtAddr, entry: u64, flush: FlushMode): Outcome {
  return outcome(hypercall(Hypercall.UpdateVaMapping, virtNumber(address), entry, flush, 0, 0));
}

/** Runs the calls one after the other; each has its own result in its entry. */
export function multicall(calls: Slice<MulticallEntry>): Outcome {
  return outcome(hypercall(Hypercall.Multicall, addressOf(calls), calls.length, 0, 0, 0));
}

/** Asks Xen about itself; what `buffer` (an address, or 0) holds depends on `op`. */
export function xenVersion(op: VersionOp, buffer: u64): Answer {
  return answer(hypercall(Hypercall.XenVersion, op, buffer, 0, 0, 0));
}

/** Writes to Xen's own console; refused where Xen does not want a guest's words there. */
export function writeXenConsole(bytes: Slice<u8>): Outcome {
  return outcome(hypercall(Hypercall.ConsoleIo, ConsoleIo.Write, bytes.length, addressOf(bytes), 0, 0));
}

/** Takes what has arrived on Xen's own console: the number of bytes. First domain only. */
export function readXenConsole(into: Slice<u8>): Answer {
  return answer(hypercall(Hypercall.ConsoleIo, ConsoleIo.Read, into.length, addressOf(into), 0, 0));
}

/** Rings the doorbell at the other end of `port`. */
export function sendEvent(port: EventPort): Outcome {
  const request = new EventSend();
  request.port = port;
  return outcome(hypercall(Hypercall.EventChannelOp, EventOp.Send, addressOf(request), 0, 0, 0));
}

/** Clears the port's mask bit, and has an upcall made where an event came in the meantime. */
export function unmaskEvent(port: EventPort): Outcome {
  const request = new EventUnmask();
  request.port = port;
  return outcome(hypercall(Hypercall.EventChannelOp, EventOp.Unmask, addressOf(request), 0, 0, 0));
}

/** Asks what is at the other end of one of this domain's ports. */
export function readPortStatus(port: EventPort, status: EventStatus): Outcome {
  status.dom = domIdSelf;
  status.port = port;
  return outcome(hypercall(Hypercall.EventChannelOp, EventOp.Status, addressOf(status), 0, 0, 0));
}

/** A new port that rings for one of Xen's own interrupts. */
export function bindVirq(virq: Virq, vcpu: u32): Result<EventPort, Errno> {
  const request = new EventBindVirq();
  request.virq = virq;
  request.vcpu = vcpu;
  const returned = hypercall(Hypercall.EventChannelOp, EventOp.BindVirq, addressOf(request), 0, 0, 0);
  return returned < 0 ? err(-returned as u32 as Errno) : ok(request.port);
}

/** Lets other vCPUs run first. */
export function yieldCpu(): void {
  hypercall(Hypercall.SchedOp, SchedOp.Yield, 0, 0, 0, 0);
}

/** Unmasks upcalls and sleeps until there is an event, in one step that misses none. @blocks */
export function block(): void {
  hypercall(Hypercall.SchedOp, SchedOp.Block, 0, 0, 0, 0);
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
  hypercall(Hypercall.SchedOp, SchedOp.Poll, addressOf(request), 0, 0, 0);
}

/** Asks for the domain's end. Comes back only where Xen refuses. */
export function requestShutdown(reason: ShutdownReason): void {
  const request = new SchedShutdown();
  request.reason = reason;
  hypercall(Hypercall.SchedOp, SchedOp.Shutdown, addressOf(request), 0, 0, 0);
}
