/** What the two interfaces for event channels have in common: ports ring, can be masked, and are found when they ring. */
import type { EventPort } from "../../xen-abi/event-channel.ts";
import type { EventPriority } from "../../xen-abi/event-fifo.ts";

/** `events=` of the command line. */
export const enum EventChoice {
  /** Two-level, which costs less, until a priority or a port beyond its last is wanted. */
  AsNeeded,
  TwoLevel,
  Fifo,
}

/** One interface. Events are masked while a method runs. */
export interface EventAbi {
  /** For people. */
  name(): string;
  /** One more than the highest port that it can have. */
  portLimit(): u32;
  /** Whether it has a place for the port's state: only then may the port be asked about or changed. */
  has(port: EventPort): boolean;
  /** Makes the place, where there is none. @allocates */
  prepare(port: EventPort): Result<undefined>;
  /** @interrupt */
  mask(port: EventPort): void;
  /** A port that has rung while it was masked rings now. @interrupt */
  unmask(port: EventPort): void;
  isMasked(port: EventPort): boolean;
  isPending(port: EventPort): boolean;
  /** Forgets that the port has rung. @interrupt */
  clearPending(port: EventPort): void;
  /** Which of several ringing ports goes first; false where the interface knows no order. */
  setPriority(port: EventPort, priority: EventPriority): boolean;
  /**
   * Takes the ring off each port that rings and is not masked, and tells the port's handler. Every port that rings has its
   * turn before any has a second one. A port without a handler is masked. May leave rings for another call where Xen's
   * `evtchn_upcall_pending` says that there are some. @interrupt
   */
  serve(): void;
}
