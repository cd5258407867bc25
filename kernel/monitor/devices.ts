/** What a person at the console can ask about devices. */
import { bus } from "../drivers/xenbus/bus/bus.ts";
import { printDevices } from "../drivers/xenbus/bus/device-report.ts";
import type { Arguments, Command } from "./command.ts";
import type { Terminal } from "./terminal.ts";

export const deviceCommands: FixedArray<Command, 1> = [
  {
    name: "devices",
    usage: "",
    purpose: "each device, its back end, and how far they are",
    action: showDevices,
  },
];

function showDevices(terminal: Terminal, words: Arguments): void {
  printDevices(terminal, bus);
}
