/** Who is told when a port rings, and how often it did. The table begins small, and grows with the numbers that Xen gives out. */
import { addressOf, sliceAt } from "xenlet:unsafe";
import { toPort, type EventPort } from "../../xen-abi/event-channel.ts";
import { fifoPortCount } from "../../xen-abi/event-fifo.ts";
import type { EventMemory } from "./event-memory.ts";

/** Who is told when a port has rung. Events are masked meanwhile; it may be told without a reason, and looks for itself. */
export interface EventTarget {
  /** @interrupt */
  rang(port: EventPort): void;
}

/** What the kernel knows about one port. */
@struct
export class PortState {
  target: EventTarget | null = null;
  /** How often it has rung. */
  count: u64 = 0;
}

/** Xen gives out the lowest free number, so a domain with a few devices needs no more. */
const firstStates = new FixedArray<PortState, 64>();

@struct
export class PortTable {
  states: Slice<PortState>;
  /** Rings of ports without a handler. */
  unexpected: u64 = 0;

  constructor(states: Slice<PortState>) {
    this.states = states;
  }

  /** Makes room for port `number`: the table doubles until it has a place. @allocates */
  reach(number: u32, memory: EventMemory): Result<undefined> {
    const known = this.states;
    if (number < known.length) return ok();
    if (number >= fifoPortCount) return err("the port's number is out of range");
    let length: usize = known.length;
    while (length <= number) length *= 2;
    const bytes = memory.allocate(length * sizeOf<PortState>());
    if (!bytes.ok) return err("there is no memory for the port's handler");
    const larger = sliceAt<PortState>(addressOf(bytes.value), length);
    for (let at: usize = 0; at < known.length; at++) copy(larger[at], known[at]);
    this.states = larger; // one assignment that an upcall may come before or after: both tables say the same
    if (addressOf(known) !== addressOf(firstStates)) {
      memory.release(sliceAt<u8>(addressOf(known), known.length * sizeOf<PortState>()));
    }
    return ok();
  }

  /** Ports that somebody is bound to. */
  boundPorts(): u64 {
    let bound: u64 = 0;
    for (const state of this.states) {
      if (state.target !== null) bound++;
    }
    return bound;
  }

  /** Tells whoever is bound to the port; false where nobody is. @interrupt */
  tell(number: u32): boolean {
    const states = this.states;
    if (number < states.length) {
      const state = states[number];
      state.count++;
      const target = state.target;
      if (target !== null) {
        target.rang(toPort(number));
        return true;
      }
    }
    this.unexpected++;
    return false;
  }
}

export const portTable = new PortTable(firstStates);
