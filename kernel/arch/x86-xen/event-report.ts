/** What the monitor's `events` shows. */
import type { Printer } from "../../lib/printer.ts";
import { EventStatus, PortStatus, toPort } from "../../xen-abi/event-channel.ts";
import { eventAbi, eventRounds, knownPorts, portState, unexpectedEvents } from "./events.ts";
import { readPortStatus } from "./hypercall/events.ts";

/** A line for each port that somebody listens to, or that has rung. */
export function printEvents(printer: Printer): void {
  const abi = eventAbi();
  printer.print(`${abi.name()} interface; ports were looked at ${eventRounds()} times`);
  for (let number: u32 = 1; number < knownPorts(); number++) {
    const state = portState(number);
    if (state.target === null && state.count === 0) continue;
    const port = toPort(number);
    const marks = abi.isMasked(port) ? (abi.isPending(port) ? ", masked, has rung" : ", masked") : "";
    const status = new EventStatus();
    const known = readPortStatus(port, status);
    const kind = known.ok ? describeStatus(status.status as PortStatus) : "closed";
    printer.print(`  port ${number}: ${kind}, ${state.count} rings${marks}`);
  }
  if (unexpectedEvents() > 0) printer.print(`${unexpectedEvents()} rings without anybody to tell`);
}

function describeStatus(status: PortStatus): string {
  switch (status) {
    case PortStatus.Closed:
      return "closed";
    case PortStatus.Unbound:
      return "waits for its peer";
    case PortStatus.Interdomain:
      return "of another domain";
    case PortStatus.Pirq:
      return "a device's interrupt";
    case PortStatus.Virq:
      return "Xen's own interrupt";
    case PortStatus.Ipi:
      return "from this domain";
    default:
      return "of a kind without a name";
  }
}
