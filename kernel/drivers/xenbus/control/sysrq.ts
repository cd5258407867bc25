/** `xl sysrq DOMAIN LETTER`: a person at the host asks the kernel something, whatever the console does. */
import { reboot } from "../../../arch/x86-xen/shutdown.ts";
import { printEvents } from "../../../arch/x86-xen/event-report.ts";
import * as log from "../../../lib/log.ts";
import { panic } from "../../../lib/panic.ts";
import { LogPrinter } from "../../../lib/printer.ts";
import { printMemory } from "../../../mm/memory-report.ts";
import { Ending, endDomain } from "../../../sched/services.ts";
import { printTasks, printTimers } from "../../../sched/task-report.ts";
import { traceRunnable, traceWaiting } from "../../../sched/task-trace.ts";

type Answer = { readonly letter: string; readonly purpose: string; readonly action: () => void };

/** The letters are Linux's, where it has one for the purpose. */
const answers: FixedArray<Answer, 10> = [
  { letter: "h", purpose: "what can be asked", action: showHelp },
  { letter: "t", purpose: "tasks", action: showTasks },
  { letter: "p", purpose: "registers and calls of the tasks that could run", action: traceRunnable },
  { letter: "w", purpose: "registers and calls of the tasks that wait", action: traceWaiting },
  { letter: "q", purpose: "timers", action: showTimers },
  { letter: "m", purpose: "memory", action: showMemory },
  { letter: "v", purpose: "events", action: showEvents },
  { letter: "o", purpose: "power off", action: endInOrder },
  { letter: "b", purpose: "reboot at once", action: reboot },
  { letter: "c", purpose: "crash", action: crashOnRequest },
];

/** Does what `letter` stands for. @blocks */
export function answerSysrq(letter: Slice<u8>): void {
  for (const answer of answers) {
    if (!letter.equals(answer.letter.bytes())) continue;
    log.info(`sysrq ${answer.letter}: ${answer.purpose}`);
    const action = answer.action;
    return action();
  }
  log.warn("sysrq: unknown; what can be asked:");
  showHelp();
}

function showHelp(): void {
  for (const answer of answers) log.info(`  ${answer.letter}  ${answer.purpose}`);
}

const printer = new LogPrinter();

function showTasks(): void {
  printTasks(printer);
}

function showTimers(): void {
  printTimers(printer);
}

function showMemory(): void {
  printMemory(printer);
}

function showEvents(): void {
  printEvents(printer);
}

/** @blocks */
function endInOrder(): void {
  endDomain(Ending.Poweroff);
}

function crashOnRequest(): void {
  panic("sysrq: crashed on request");
}
