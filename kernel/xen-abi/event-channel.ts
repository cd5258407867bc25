/** event_channel.h: doorbells between domains, and between Xen and a domain. */

import { domIdZero, type DomId } from "./domain.ts";

/** An event channel's number in this domain; 0 is never given out. */
export type EventPort = Nominal<u32, "EventPort">;
export const noPort: EventPort = 0 as EventPort;

export function toPort(number: u32): EventPort {
  return number as EventPort;
}

export function portNumber(port: EventPort): u32 {
  return port as u32;
}

/** `EVTCHN_2L_NR_CHANNELS`: ports of the two-level interface. */
export const portCount = 4096;

/** `EVTCHNOP_*`. */
export const enum EventOp {
  BindInterdomain = 0,
  BindVirq = 1,
  Close = 3,
  Send = 4,
  Status = 5,
  AllocUnbound = 6,
  BindIpi = 7,
  Unmask = 9,
  InitControl = 11,
  ExpandArray = 12,
  SetPriority = 13,
}

/** `EVTCHNSTAT_*`. */
export const enum PortStatus {
  Closed = 0,
  Unbound = 1,
  Interdomain = 2,
  Pirq = 3,
  Virq = 4,
  Ipi = 5,
}

/** @xen evtchn_send event_channel.h */
@struct({ size: 4 })
export class EventSend {
  @offset(0) port: EventPort = noPort;
}

/** @xen evtchn_unmask event_channel.h */
@struct({ size: 4 })
export class EventUnmask {
  @offset(0) port: EventPort = noPort;
}

/** @xen evtchn_bind_virq event_channel.h */
@struct({ size: 12 })
export class EventBindVirq {
  @offset(0) virq: u32 = 0;
  @offset(4) vcpu: u32 = 0;
  /** What Xen answers. */
  @offset(8) port: EventPort = noPort;
}

/** @xen none the anonymous `u.interdomain` of evtchn_status */
@struct({ size: 8 })
export class InterdomainStatus {
  @offset(0) dom: DomId = domIdZero;
  @offset(4) port: EventPort = noPort;
}

/** @xen evtchn_status event_channel.h */
@struct({ size: 24 })
export class EventStatus {
  /** Whose port. */
  @offset(0) dom: DomId = domIdZero;
  @offset(4) port: EventPort = noPort;
  /** A `PortStatus`. */
  @offset(8) status: u32 = 0;
  @offset(12) vcpu: u32 = 0;
  /** Holds the peer where `status` is Interdomain; a VIRQ's number lies at its start. @xen u */
  @offset(16) readonly interdomain = new InterdomainStatus();
}

/** @xen evtchn_alloc_unbound event_channel.h */
@struct({ size: 8 })
export class EventAllocUnbound {
  /** Whose port it becomes: usually DOMID_SELF. */
  @offset(0) dom: DomId = domIdZero;
  /** Who may bind its other end. */
  @offset(2) remoteDom: DomId = domIdZero;
  /** What Xen answers. */
  @offset(4) port: EventPort = noPort;
}

/** @xen evtchn_bind_interdomain event_channel.h */
@struct({ size: 12 })
export class EventBindInterdomain {
  @offset(0) remoteDom: DomId = domIdZero;
  @offset(4) remotePort: EventPort = noPort;
  /** What Xen answers. */
  @offset(8) localPort: EventPort = noPort;
}

/** @xen evtchn_bind_ipi event_channel.h */
@struct({ size: 8 })
export class EventBindIpi {
  @offset(0) vcpu: u32 = 0;
  /** What Xen answers. */
  @offset(4) port: EventPort = noPort;
}

/** @xen evtchn_close event_channel.h */
@struct({ size: 4 })
export class EventClose {
  @offset(0) port: EventPort = noPort;
}
