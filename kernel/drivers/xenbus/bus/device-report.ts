/** What the monitor's `devices` shows. */
import { portTable } from "../../../arch/x86-xen/event-ports.ts";
import type { Printer } from "../../../lib/printer.ts";
import { grants } from "../../../mm/grants.ts";
import { frames } from "../../../mm/memory.ts";
import { thisCpu } from "../../../sched/this-cpu.ts";
import { xenbusStateName } from "../../../xen-abi/xenbus.ts";
import { connection } from "../xenstore/client.ts";
import type { Bus } from "./bus.ts";
import type { FrontTask } from "./front-task.ts";

/** A line for each device, and what the kernel has of that which devices come and go with. */
export function printDevices(printer: Printer, bus: Bus): void {
  for (let task = bus.first; task !== null; task = task.next) printDevice(printer, task);
  const ended = grants.lookAgain(grants.busy); // of back ends that let go of them meanwhile
  printer.print(
    `${bus.devices.used} devices; ${grants.inUse} grants, ${grants.busy} of them busy; ${portTable.boundPorts()} ports; ${connection.watches.count} watches; ${thisCpu().taskCount} tasks; ${frames.free} pages free`,
  );
  if (ended > 0) printer.print(`${ended} grants were still used when they were to end, and are not any more`);
}

function printDevice(printer: Printer, task: FrontTask): void {
  const front = task.front;
  if (task.driver === null) return printer.print(`${text(front.home.text())}: no driver for it`);
  const refused = front.isRefused ? ", refused" : "";
  const ours = xenbusStateName(front.state);
  const theirs = xenbusStateName(front.backEnd.state);
  printer.print(
    `${text(front.home.text())}: ${ours}; ${text(front.backEnd.path())}: ${theirs}${refused}; ${front.acquired.count} resources`,
  );
}
