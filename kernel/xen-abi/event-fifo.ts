/** event_channel.h, "FIFO ABI": events in queues, one for each priority, linked through one word for each port. */
import { noPort, type EventPort } from "./event-channel.ts";

/** Bits of a port's word (`EVTCHN_FIFO_*`); below them lies the number of the next port in the queue. */
export const enum FifoBit {
  Busy = 1 << 28,
  Linked = 1 << 29,
  Masked = 1 << 30,
  Pending = 2147483648,
}
/** `EVTCHN_FIFO_LINK_MASK`. */
export const fifoLinkMask = (1 << 17) - 1;
/** `EVTCHN_FIFO_NR_CHANNELS`. */
export const fifoPortCount = 1 << 17;
/** Words in one page of the event array. */
export const fifoWordsPerPage = 1024;

/** `EVTCHN_FIFO_PRIORITY_*`: Xen sorts ports into queues, 0 first. */
export const enum EventPriority {
  Highest = 0,
  Default = 7,
  Lowest = 15,
}

/** @xen evtchn_fifo_control_block event_channel.h */
@struct({ size: 72 })
export class FifoControlBlock {
  /** Bit n: queue n has a new head. */
  @offset(0) ready: u32 = 0;
  /** @xen _rsvd */
  @offset(4) rsvd: u32 = 0;
  @offset(8) readonly head = new FixedArray<u32, 16>();
}

/** @xen evtchn_init_control event_channel.h */
@struct({ size: 24 })
export class EventInitControl {
  @offset(0) controlGfn: u64 = 0;
  /** Where in the frame the control block lies. */
  @offset(8) offset: u32 = 0;
  @offset(12) vcpu: u32 = 0;
  /** What Xen answers: how many bits of a word are the link. */
  @offset(16) linkBits: u8 = 0;
  /** @xen _pad */
  @offset(17) readonly pad = new FixedArray<u8, 7>();
}

/** @xen evtchn_expand_array event_channel.h */
@struct({ size: 8 })
export class EventExpandArray {
  @offset(0) arrayGfn: u64 = 0;
}

/** @xen evtchn_set_priority event_channel.h */
@struct({ size: 8 })
export class EventSetPriority {
  @offset(0) port: EventPort = noPort;
  @offset(4) priority: u32 = 0;
}
