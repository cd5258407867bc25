/** Hypercalls that make, ring, arrange and end event channels. */
import { addressOf } from "xenlet:unsafe";
import { mfnNumber, type Mfn } from "../../../xen-abi/addresses.ts";
import { domIdSelf, type DomId } from "../../../xen-abi/domain.ts";
import type { Errno } from "../../../xen-abi/errno.ts";
import {
  EventAllocUnbound,
  EventBindInterdomain,
  EventBindIpi,
  EventBindVirq,
  EventClose,
  EventOp,
  EventSend,
  EventStatus,
  EventUnmask,
  type EventPort,
} from "../../../xen-abi/event-channel.ts";
import { EventExpandArray, EventInitControl, EventSetPriority } from "../../../xen-abi/event-fifo.ts";
import type { Virq } from "../../../xen-abi/xen.ts";
import { HYPERVISOR_event_channel_op, outcome, type Outcome } from "./stubs.ts";

/** A new port, or why there is none. */
type NewPort = Result<EventPort, Errno>;

/** A port of ours that `remote` may bind to. */
export function allocateUnbound(remote: DomId): NewPort {
  const request = new EventAllocUnbound();
  request.dom = domIdSelf;
  request.remoteDom = remote;
  const done = eventChannelOp(EventOp.AllocUnbound, addressOf(request));
  return done.ok ? ok(request.port) : err(done.error);
}

/** Connects a new port of ours with the port that `remote` has kept for us. It has rung already. */
export function bindInterdomain(remote: DomId, port: EventPort): NewPort {
  const request = new EventBindInterdomain();
  request.remoteDom = remote;
  request.remotePort = port;
  const done = eventChannelOp(EventOp.BindInterdomain, addressOf(request));
  return done.ok ? ok(request.localPort) : err(done.error);
}

/** A new port that rings on `vcpu` whenever this domain sends to it. */
export function bindIpi(vcpu: u32): NewPort {
  const request = new EventBindIpi();
  request.vcpu = vcpu;
  const done = eventChannelOp(EventOp.BindIpi, addressOf(request));
  return done.ok ? ok(request.port) : err(done.error);
}

/** A new port that rings for one of Xen's own interrupts. */
export function bindVirq(virq: Virq, vcpu: u32): NewPort {
  const request = new EventBindVirq();
  request.virq = virq;
  request.vcpu = vcpu;
  const done = eventChannelOp(EventOp.BindVirq, addressOf(request));
  return done.ok ? ok(request.port) : err(done.error);
}

/** Gives the port back; its number can be another's at once. */
export function closeChannel(port: EventPort): Outcome {
  const request = new EventClose();
  request.port = port;
  return eventChannelOp(EventOp.Close, addressOf(request));
}

/** Rings the doorbell at the other end of `port`. */
export function sendEvent(port: EventPort): Outcome {
  const request = new EventSend();
  request.port = port;
  return eventChannelOp(EventOp.Send, addressOf(request));
}

/** Clears the port's mask bit, and has an upcall made where an event came in the meantime. */
export function unmaskEvent(port: EventPort): Outcome {
  const request = new EventUnmask();
  request.port = port;
  return eventChannelOp(EventOp.Unmask, addressOf(request));
}

/** Asks what is at the other end of one of this domain's ports. */
export function readPortStatus(port: EventPort, status: EventStatus): Outcome {
  status.dom = domIdSelf;
  status.port = port;
  return eventChannelOp(EventOp.Status, addressOf(status));
}

/** Goes over to the FIFO interface, with the control block of `vcpu` at the start of `frame`. There is no way back. */
export function initFifoControl(vcpu: u32, frame: Mfn): Outcome {
  const request = new EventInitControl();
  request.controlGfn = mfnNumber(frame);
  request.vcpu = vcpu;
  return eventChannelOp(EventOp.InitControl, addressOf(request));
}

/** Makes `frame` the next page of the array of event words. */
export function expandFifoArray(frame: Mfn): Outcome {
  const request = new EventExpandArray();
  request.arrayGfn = mfnNumber(frame);
  return eventChannelOp(EventOp.ExpandArray, addressOf(request));
}

/** Which queue the port's events go to: 0 (first) to 15. */
export function setFifoPriority(port: EventPort, priority: u32): Outcome {
  const request = new EventSetPriority();
  request.port = port;
  request.priority = priority;
  return eventChannelOp(EventOp.SetPriority, addressOf(request));
}

function eventChannelOp(op: EventOp, request: u64): Outcome {
  return outcome(HYPERVISOR_event_channel_op(op, request));
}
