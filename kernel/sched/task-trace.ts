/** Where tasks are: what a switch kept of each, and who called whom. For looking into a domain that does not answer otherwise. */
import { printBacktrace } from "../arch/x86-xen/backtrace.ts";
import { showContext } from "../arch/x86-xen/context-switch.ts";
import { TrapFrame } from "../arch/x86-xen/trap-frame.ts";
import * as log from "../lib/log.ts";
import { TaskState, type Task } from "./task.ts";
import { describeState } from "./task-report.ts";
import { thisCpu } from "./this-cpu.ts";

/** Traces the tasks that could run, and the idle one; who asks is the one that does. */
export function traceRunnable(): void {
  const cpu = thisCpu();
  for (let task = cpu.newest; task !== null; task = task.older) {
    if (task.state === TaskState.Running) log.emergency(`${task.name}: running, and says this`);
    else if (task.state === TaskState.Ready) trace(task, "ready");
  }
  trace(cpu.idle, "runs when nobody else can");
}

/** Traces the tasks that wait. */
export function traceWaiting(): void {
  for (let task = thisCpu().newest; task !== null; task = task.older) {
    if (task.state === TaskState.Waiting) trace(task, describeState(task));
  }
}

/** As a trap's report does it, of the registers that a switch keeps. */
function trace(task: Task, state: string): void {
  const frame = new TrapFrame();
  showContext(task.context, frame);
  log.emergency(`${task.name}: ${state}`);
  log.emergency(`  rip ${hex(frame.rip, 16)}  rsp ${hex(frame.rsp, 16)}  rbp ${hex(frame.rbp, 16)}`);
  log.emergency(`  rbx ${hex(frame.rbx, 16)}  r12 ${hex(frame.r12, 16)}  r13 ${hex(frame.r13, 16)}`);
  log.emergency(`  r14 ${hex(frame.r14, 16)}  r15 ${hex(frame.r15, 16)}`);
  frame.rip--; // it is where a call returns to
  printBacktrace(frame);
}
