/** What the monitor's `tasks` and `timers` show. */
import { readRunstate } from "../arch/x86-xen/hypercall/vcpu.ts";
import { counterNow, nanosecondsOf, systemTime } from "../arch/x86-xen/system-time.ts";
import type { Printer } from "../lib/printer.ts";
import { Runstate, VcpuRunstateInfo } from "../xen-abi/runstate.ts";
import { deepestUse } from "./stack.ts";
import { Priority, TaskState, type Task } from "./task.ts";
import { thisCpu } from "./this-cpu.ts";
import { never } from "./timer-heap.ts";

const microsecond = 1000;
const millisecond = 1000000;

/** A line for each task, the newest first. */
export function printTasks(printer: Printer): void {
  const cpu = thisCpu();
  cpu.charge(counterNow());
  printer.print(`${cpu.taskCount} tasks, ${cpu.switches} switches, ${cpu.deadlocks} times all of them stuck`);
  for (let task = cpu.newest; task !== null; task = task.older) printTask(printer, task);
  const idle = cpu.idle;
  printer.print(
    `  ${idle.name}: ran ${idle.switches} times, ${milliseconds(idle)} ms, ${share(idle)} %, when nobody else could`,
  );
  printVcpu(printer, cpu.number);
}

/** What Xen says of the vCPU: the time that others had the CPU while we wanted it is lost to every task alike. */
function printVcpu(printer: Printer, vcpu: u32): void {
  const account = new VcpuRunstateInfo();
  readRunstate(vcpu, account);
  const time = account.time;
  printer.print(
    `vCPU ${vcpu}: had a CPU for ${time[Runstate.Running] / millisecond} ms, wanted one for ${time[Runstate.Runnable] / millisecond} ms, waited for ${time[Runstate.Blocked] / millisecond} ms`,
  );
}

function printTask(printer: Printer, task: Task): void {
  const size: u64 = task.stackEnd - task.stackStart;
  const lent = task.priority === task.ownPriority ? "" : ", lent";
  printer.print(
    `  ${task.name}: ${describeState(task)}; ${describePriority(task.priority)}${lent}; ran ${task.switches} times, ${milliseconds(task)} ms, ${share(task)} %; stack ${deepestUse(task)} of ${size} bytes`,
  );
}

function milliseconds(task: Task): u64 {
  return nanosecondsOf(task.ticks) / millisecond;
}

/** Of the time since the scheduler started, in per cent. */
function share(task: Task): u64 {
  const all: u64 = thisCpu().chargedAt - thisCpu().startedAt;
  return all === 0 ? 0 : (task.ticks * 100) / all;
}

/** What it does, or waits for. */
export function describeState(task: Task): string {
  switch (task.state) {
    case TaskState.Ready:
      return "ready";
    case TaskState.Running:
      return "running";
    case TaskState.Waiting:
      return waitsFor(task);
    case TaskState.Ended:
      return "ended, not joined";
  }
}

function waitsFor(task: Task): string {
  if (task.blockedBy !== null) return task.blockedBy.title();
  return task.list === null ? "asleep" : task.list.name;
}

function describePriority(priority: Priority): string {
  switch (priority) {
    case Priority.Driver:
      return "driver";
    case Priority.Service:
      return "service";
    case Priority.Normal:
      return "normal";
    case Priority.Background:
      return "background";
  }
}

/** What is set, and what it took. */
export function printTimers(printer: Printer): void {
  const cpu = thisCpu();
  const now = systemTime();
  printer.print(
    `${cpu.timers.count} timers set; ${cpu.expirations} have expired; Xen's timer was set ${cpu.armings} times`,
  );
  if (cpu.armedFor !== never) printer.print(`Xen's timer fires in ${until(cpu.armedFor, now)} us`);
  if (cpu.timers.count > 0)
    printer.print(`the next deadline comes in ${until(cpu.timers.earliest(), now)} us`);
  for (let task = cpu.newest; task !== null; task = task.older) {
    if (task.timer.isSet) printer.print(`  ${task.name}: in ${until(task.timer.deadline, now)} us`);
  }
}

function until(deadline: u64, now: u64): u64 {
  return deadline > now ? (deadline - now) / microsecond : 0;
}
