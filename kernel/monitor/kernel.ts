/** What the kernel says of itself. */
import { printEvents } from "../arch/x86-xen/event-report.ts";
import { unexpectedEvents } from "../arch/x86-xen/events.ts";
import { imageRegion, lineTableRegion, textRegion, type Region } from "../arch/x86-xen/memory-map.ts";
import { systemTime } from "../arch/x86-xen/system-time.ts";
import { startInfo } from "../arch/x86-xen/start-info.ts";
import { printPteQueue } from "../arch/x86-xen/pte-report.ts";
import { printTraps } from "../arch/x86-xen/trap-report.ts";
import { printBanner } from "../banner.ts";
import { measureCore } from "../bench/core.ts";
import { format } from "../lib/format.ts";
import { LineBuffer } from "../lib/line-buffer.ts";
import { printGrants } from "../mm/grant-report.ts";
import { printMaps } from "../mm/maps-report.ts";
import { printMemory } from "../mm/memory-report.ts";
import { pteQueue } from "../mm/memory.ts";
import { Ending, endDomain } from "../sched/services.ts";
import { printTasks, printTimers } from "../sched/task-report.ts";
import type { Arguments, Command } from "./command.ts";
import type { Terminal } from "./terminal.ts";
import { pageSize, virtNumber } from "../xen-abi/addresses.ts";

export const kernelCommands: FixedArray<Command, 11> = [
  { name: "info", usage: "", purpose: "the hypervisor, this domain, how long it runs", action: showInfo },
  { name: "mem", usage: "", purpose: "where this domain's memory is, and whose", action: showMemory },
  { name: "maps", usage: "", purpose: "what is mapped where, with which rights", action: showMaps },
  { name: "pte", usage: "", purpose: "what page-table writes have cost so far", action: showQueue },
  {
    name: "tasks",
    usage: "",
    purpose: "who runs, who waits, and how deep their stacks got",
    action: showTasks,
  },
  { name: "timers", usage: "", purpose: "deadlines that are set", action: showTimers },
  { name: "events", usage: "", purpose: "event channels, and how often they rang", action: showEvents },
  { name: "grants", usage: "", purpose: "pages that other domains may reach", action: showGrants },
  { name: "trap", usage: "", purpose: "exceptions that came, and who handles them", action: showTraps },
  { name: "bench", usage: "", purpose: "what the kernel's own operations cost", action: runBench },
  { name: "halt", usage: "", purpose: "ends well", action: doHalt },
];

function showInfo(terminal: Terminal, words: Arguments): void {
  printBanner(startInfo());
  terminal.print(`Xen's clock: ${systemTime() / 1000000} ms; unexpected events: ${unexpectedEvents()}`);
}

function showTasks(terminal: Terminal, words: Arguments): void {
  printTasks(terminal);
}

function showTraps(terminal: Terminal, words: Arguments): void {
  printTraps(terminal);
}

/** @blocks */
function runBench(terminal: Terminal, words: Arguments): void {
  measureCore();
}

function showTimers(terminal: Terminal, words: Arguments): void {
  printTimers(terminal);
}

function showEvents(terminal: Terminal, words: Arguments): void {
  printEvents(terminal);
}

function showGrants(terminal: Terminal, words: Arguments): void {
  printGrants(terminal);
}

function showMemory(terminal: Terminal, words: Arguments): void {
  const info = startInfo();
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
}

function showMaps(terminal: Terminal, words: Arguments): void {
  printMaps(terminal);
}

function showQueue(terminal: Terminal, words: Arguments): void {
  printPteQueue(terminal, pteQueue);
}

function showRegion(terminal: Terminal, name: string, region: Region): void {
  const pages: u64 = (region.end - region.start + pageSize - 1) / pageSize;
  const line = new LineBuffer(terminal);
  line.write(name.bytes());
  line.padTo(16);
  format(line, `${hex(region.start, 16)} to ${hex(region.end, 16)}, ${pages} pages\n`);
  line.flush();
}

/** @blocks */
function doHalt(terminal: Terminal, words: Arguments): void {
  endDomain(Ending.Poweroff);
}
