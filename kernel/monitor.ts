/** The monitor: a few commands on the console, until there is more to run. */
import { printEvents } from "./arch/x86-xen/event-report.ts";
import { unexpectedEvents } from "./arch/x86-xen/events.ts";
import { imageRegion, lineTableRegion, textRegion, type Region } from "./arch/x86-xen/memory-map.ts";
import { systemTime } from "./arch/x86-xen/system-time.ts";
import { printPteQueue } from "./arch/x86-xen/pte-report.ts";
import { printTraps } from "./arch/x86-xen/trap-report.ts";
import { printBanner } from "./banner.ts";
import { measureCore } from "./bench/core.ts";
import type { Console } from "./dev/console.ts";
import { trim } from "./lib/bytes.ts";
import { format } from "./lib/format.ts";
import { LineBuffer } from "./lib/line-buffer.ts";
import { printMaps } from "./mm/maps-report.ts";
import { printMemory } from "./mm/memory-report.ts";
import { pteQueue } from "./mm/memory.ts";
import { divideByZero, panicOnPurpose, readNull } from "./self-test.ts";
import { printTasks, printTimers } from "./sched/task-report.ts";
import { Terminal } from "./terminal.ts";
import { pageSize, virtNumber } from "./xen-abi/addresses.ts";
import type { StartInfo } from "./xen-abi/xen.ts";

/** Returns when the person says halt. @blocks */
export function runMonitor(console: Console, info: StartInfo): void {
  const terminal = new Terminal(console);
  terminal.print("This is the monitor. Say help to see what it can do.");
  let running = true;
  while (running) running = obey(terminal, trim(terminal.readLine("> ")), info);
}

/** What a command does; false ends the monitor. */
type Action = (terminal: Terminal, info: StartInfo) => boolean;
type Command = { readonly name: string; readonly purpose: string; readonly action: Action };

const commands: FixedArray<Command, 14> = [
  { name: "help", purpose: "this list", action: showHelp },
  { name: "info", purpose: "the hypervisor, this domain, how long it runs", action: showInfo },
  { name: "mem", purpose: "where this domain's memory is, and whose", action: showMemory },
  { name: "maps", purpose: "what is mapped where, with which rights", action: showMaps },
  { name: "pte", purpose: "what page-table writes have cost so far", action: showQueue },
  { name: "tasks", purpose: "who runs, who waits, and how deep their stacks got", action: showTasks },
  { name: "timers", purpose: "deadlines that are set", action: showTimers },
  { name: "events", purpose: "event channels, and how often they rang", action: showEvents },
  { name: "trap", purpose: "exceptions that came, and who handles them", action: showTraps },
  { name: "bench", purpose: "what the kernel's own operations cost", action: runBench },
  { name: "panic", purpose: "ends with a panic", action: doPanic },
  { name: "divide", purpose: "ends with a division by zero", action: doDivide },
  { name: "null", purpose: "ends with the use of a null reference", action: doNull },
  { name: "halt", purpose: "ends well", action: doHalt },
];

function obey(terminal: Terminal, line: Slice<u8>, info: StartInfo): boolean {
  if (line.length === 0) return true;
  for (const command of commands) {
    if (!line.equals(command.name.bytes())) continue;
    const action = command.action;
    return action(terminal, info);
  }
  terminal.print(`There is no command ${text(line)}. Say help to see those that there are.`);
  return true;
}

function showHelp(terminal: Terminal, info: StartInfo): boolean {
  for (const command of commands) {
    const line = new LineBuffer(terminal);
    line.write(command.name.bytes());
    line.padTo(8);
    format(line, `${command.purpose}\n`);
    line.flush();
  }
  return true;
}

function showInfo(terminal: Terminal, info: StartInfo): boolean {
  printBanner(info);
  terminal.print(`Xen's clock: ${systemTime() / 1000000} ms; unexpected events: ${unexpectedEvents()}`);
  return true;
}

function showTasks(terminal: Terminal, info: StartInfo): boolean {
  printTasks(terminal);
  return true;
}

function showTraps(terminal: Terminal, info: StartInfo): boolean {
  printTraps(terminal);
  return true;
}

/** @blocks */
function runBench(terminal: Terminal, info: StartInfo): boolean {
  measureCore();
  return true;
}

function showTimers(terminal: Terminal, info: StartInfo): boolean {
  printTimers(terminal);
  return true;
}

function showEvents(terminal: Terminal, info: StartInfo): boolean {
  printEvents(terminal);
  return true;
}

function showMemory(terminal: Terminal, info: StartInfo): boolean {
  terminal.print(`this domain has ${info.nrPages} pages, of which the builder used these:`);
  showRegion(terminal, "kernel image", imageRegion());
  showRegion(terminal, "  instructions", textRegion());
  showRegion(terminal, "  line table", lineTableRegion());
  const pageTables = virtNumber(info.ptBase);
  showRegion(terminal, "page tables", {
    start: pageTables,
    end: pageTables + info.nrPtFrames * pageSize,
  });
  const list = virtNumber(info.mfnList);
  showRegion(terminal, "p2m list", { start: list, end: list + info.nrPages * 8 });
  if (info.modLen > 0) {
    showRegion(terminal, "start-up module", { start: info.modStart, end: info.modStart + info.modLen });
  }
  printMemory(terminal);
  return true;
}

function showMaps(terminal: Terminal, info: StartInfo): boolean {
  printMaps(terminal);
  return true;
}

function showQueue(terminal: Terminal, info: StartInfo): boolean {
  printPteQueue(terminal, pteQueue);
  return true;
}

function showRegion(terminal: Terminal, name: string, region: Region): void {
  const pages: u64 = (region.end - region.start + pageSize - 1) / pageSize;
  const line = new LineBuffer(terminal);
  line.write(name.bytes());
  line.padTo(16);
  format(line, `${hex(region.start, 16)} to ${hex(region.end, 16)}, ${pages} pages\n`);
  line.flush();
}

function doPanic(terminal: Terminal, info: StartInfo): boolean {
  panicOnPurpose();
}

function doDivide(terminal: Terminal, info: StartInfo): boolean {
  terminal.print(`1000 / 0 is ${divideByZero(1000)}`);
  return true;
}

function doNull(terminal: Terminal, info: StartInfo): boolean {
  terminal.print(`a null reference has ${readNull()} pages`);
  return true;
}

function doHalt(terminal: Terminal, info: StartInfo): boolean {
  return false;
}
