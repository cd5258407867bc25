/** What the two interfaces for event channels have in common: ports ring, can be masked, and are found when they ring. */
import type { EventPort } from "../../xen-abi/event-channel.ts";
import type { EventPriority } from "../../xen-abi/event-fifo.ts";

/** One interface. Events are masked while a method runs. */
export interface EventAbi {
  /** For people. */
  name(): string;
  /** One more than the highest port that it can have. */
  portLimit(): u32;
  /** Whether there is room for the port's state; makes it where it can. */
  prepare(port: EventPort): boolean;
  /** @interrupt */
  mask(port: EventPort): void;
  /** A port that has rung while it was masked rings now. @interrupt */
  unmask(port: EventPort): void;
  isMasked(port: EventPort): boolean;
  isPending(port: EventPort): boolean;
  /** Forgets that the port has rung. @interrupt */
  clearPending(port: EventPort): void;
  /** Which of several ringing ports goes first. Without effect where the interface knows no order. */
  setPriority(port: EventPort, priority: EventPriority): void;
  /**
   * The number of a port that rings and is not masked, its ring taken off; 0 where there is none. Called until then, it
   * gives every port that rings its turn before any port gets a second one. @interrupt
   */
  next(): u32;
}
