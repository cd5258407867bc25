/** What events cost: a bell that this domain rings at its own door. */
import { bindTarget, closePort, maskPort, MaskedEvents, type EventTarget } from "../arch/x86-xen/events.ts";
import { bindIpi, sendEvent } from "../arch/x86-xen/hypercall/events.ts";
import { noPort, type EventPort } from "../xen-abi/event-channel.ts";
import { measure } from "./measure.ts";

@struct
class Bell implements EventTarget {
  rung: u64 = 0;

  /** @interrupt */
  rang(port: EventPort): void {
    this.rung++;
  }
}

const bell = new Bell();
let door: EventPort = noPort;

export function measureEvents(): void {
  const port = bindIpi(0);
  if (!port.ok) return;
  door = port.value;
  const bound = bindTarget(door, bell);
  assert(bound.ok, "a new port is free");
  measure("event.mask-unmask", 5000, 1, maskUpcalls);
  measure("event.self", 1000, 1, ringAndServe);
  maskPort(door);
  measure("event.masked", 1000, 1, ringOnly);
  const closed = closePort(door);
  assert(closed.ok, "the port was ours");
}

/** Each event is served before its hypercall returns. */
function ringAndServe(rounds: u64): void {
  const before = bell.rung;
  ringOnly(rounds);
  assert(bell.rung === before + rounds, "each ring was served");
}

function ringOnly(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    const sent = sendEvent(door);
    assert(sent.ok, "a bound port can be rung");
  }
}

function maskUpcalls(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    using masked = new MaskedEvents();
  }
}
