/** The hypercalls that make, end and arrange event channels: part of the one door to Xen (hypercall.ts). */
import { addressOf } from "xenlet:unsafe";
import { mfnNumber, type Mfn } from "../../xen-abi/addresses.ts";
import { domIdSelf, type DomId } from "../../xen-abi/domain.ts";
import type { Errno } from "../../xen-abi/errno.ts";
import {
  EventAllocUnbound,
  EventBindInterdomain,
  EventBindIpi,
  EventClose,
  EventOp,
  type EventPort,
} from "../../xen-abi/event-channel.ts";
import { EventExpandArray, EventInitControl, EventSetPriority } from "../../xen-abi/event-fifo.ts";
import type { Outcome } from "./hypercall.ts";

// As in hypercall.ts.
declare function HYPERVISOR_event_channel_op(op: u64, request: u64): i64;

/** A port of ours that `remote` may bind to. */
export function allocateUnbound(remote: DomId): Result<EventPort, Errno> {
  const request = new EventAllocUnbound();
  request.dom = domIdSelf;
  request.remoteDom = remote;
  const done = eventChannelOp(EventOp.AllocUnbound, addressOf(request));
  return done.ok ? ok(request.port) : err(done.error);
}

/** Connects a new port of ours with the port that `remote` has kept for us. It has rung already. */
export function bindInterdomain(remote: DomId, port: EventPort): Result<EventPort, Errno> {
  const request = new EventBindInterdomain();
  request.remoteDom = remote;
  request.remotePort = port;
  const done = eventChannelOp(EventOp.BindInterdomain, addressOf(request));
  return done.ok ? ok(request.localPort) : err(done.error);
}

/** A new port that rings on `vcpu` whenever this domain sends to it. */
export function bindIpi(vcpu: u32): Result<EventPort, Errno> {
  const request = new EventBindIpi();
  request.vcpu = vcpu;
  const done = eventChannelOp(EventOp.BindIpi, addressOf(request));
  return done.ok ? ok(request.port) : err(done.error);
}

/** Gives the port back; its number can be another's at once. */
export function closeChannel(port: EventPort): Outcome {
  const request = new EventClose();
  request.port = port;
  return eventChannelOp(EventOp.Close, addressOf(request));
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
  const returned = HYPERVISOR_event_channel_op(op, request);
  return returned < 0 ? err(-returned as u32 as Errno) : ok();
}
