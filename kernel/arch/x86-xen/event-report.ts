/** What the monitor's `events` shows. */
import type { Printer } from "../../lib/printer.ts";
import { domIdNumber } from "../../xen-abi/domain.ts";
import { EventStatus, portNumber, PortStatus, toPort, type EventPort } from "../../xen-abi/event-channel.ts";
import { Virq } from "../../xen-abi/xen.ts";
import { portTable } from "./event-ports.ts";
import { eventAbi, eventRounds, unexpectedEvents } from "./events.ts";
import { readPortStatus } from "./hypercall/events.ts";

/** A line for each port that somebody listens to, or that has rung. */
export function printEvents(printer: Printer): void {
  const abi = eventAbi();
  printer.print(
    `${abi.name()} interface, ports up to ${abi.portLimit() - 1}; they were looked at ${eventRounds()} times`,
  );
  for (const [number, state] of portTable.states.entries()) {
    if (state.target !== null || state.count !== 0) printPort(printer, toPort(number as u32));
  }
  if (unexpectedEvents() > 0) printer.print(`${unexpectedEvents()} rings without anybody to tell`);
}

function printPort(printer: Printer, port: EventPort): void {
  const status = new EventStatus();
  const known = readPortStatus(port, status);
  const peer = status.interdomain; // a virtual interrupt's number stands where a domain's would
  switch ((known.ok ? status.status : PortStatus.Closed) as PortStatus) {
    case PortStatus.Closed:
      return printLine(printer, port, `closed`);
    case PortStatus.Unbound:
      return printLine(printer, port, `waits for domain ${domIdNumber(peer.dom)}`);
    case PortStatus.Interdomain:
      return printLine(
        printer,
        port,
        `port ${portNumber(peer.port)} of domain ${domIdNumber(peer.dom)} is its peer`,
      );
    case PortStatus.Pirq:
      return printLine(printer, port, `a device's interrupt`);
    case PortStatus.Virq:
      return printLine(printer, port, `${virqName(domIdNumber(peer.dom) as Virq)}, from Xen`);
    case PortStatus.Ipi:
      return printLine(printer, port, `from this domain`);
    default:
      return printLine(printer, port, `of a kind without a name (${status.status})`);
  }
}

function printLine(printer: Printer, port: EventPort, kind: Template): void {
  const abi = eventAbi();
  const masked = abi.isMasked(port) ? (abi.isPending(port) ? ", masked, has rung" : ", masked") : "";
  printer.print(
    `  port ${portNumber(port)}: ${kind}, ${portTable.states[portNumber(port)].count} rings${masked}`,
  );
}

function virqName(virq: Virq): string {
  switch (virq) {
    case Virq.Timer:
      return "VIRQ_TIMER";
    case Virq.Debug:
      return "VIRQ_DEBUG";
    case Virq.Console:
      return "VIRQ_CONSOLE";
    default:
      return "another of Xen's own interrupts";
  }
}
