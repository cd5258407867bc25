/** A CPU with 16 tasks and 4 lists to wait in, for a test under Node. A task is known by its number; idle is 16. */
import { Cpu } from "../../../../../kernel/sched/cpu.ts";
import {
  Task,
  TaskList,
  TaskState,
  Wake,
  type Priority,
  type WakeSource,
} from "../../../../../kernel/sched/task.ts";

const cpu = new Cpu();
/** What the CPU's counter shows. */
let counter: u64 = 1000;
const tasks = new FixedArray<Task, 16>();
const lists = new FixedArray<TaskList, 4>();

export function start(): void {
  if (cpu.current === null) cpu.adopt(0, 0, counter);
}

/** Puts everything back: no task, idle runs. */
export function reset(): void {
  for (const task of tasks) {
    if (task.home === null) continue;
    if (task.state === TaskState.Waiting) cpu.wake(task, Wake.Signal);
  }
  do cpu.next(counter);
  while (cpu.current !== cpu.idle);
  for (const task of tasks) {
    if (task.home === null) continue;
    task.state = TaskState.Ended;
    cpu.drop(task);
    task.home = null;
  }
  cpu.armedFor = 0xffffffffffffffff;
}

export function add(number: u32, priority: u32): void {
  const task = tasks[number];
  task.priority = priority as Priority;
  task.ownPriority = priority as Priority;
  cpu.add(task);
}

/** Who runs next. What ran is ready again, if it was not suspended. */
export function next(yields: boolean): u32 {
  const current = cpu.current;
  if (yields && current !== null && current !== cpu.idle && current.state === TaskState.Running) {
    cpu.makeReady(current);
  }
  return numberOf(cpu.next(counter));
}

/** The running task waits, in list 0 to 3 or, with 4, in none. False for idle. */
export function suspend(list: u32, deadline: u64): boolean {
  const current = cpu.current;
  if (current === null || current === cpu.idle || current.state !== TaskState.Running) return false;
  cpu.suspend(current, list < 4 ? lists[list] : null, deadline);
  return true;
}

/** Wakes the one that waits longest in a list: its number, 16 for nobody. */
export function wakeFirst(list: u32): u32 {
  const task = lists[list].first;
  if (task === null) return 16;
  cpu.wake(task, Wake.Signal);
  return numberOf(task);
}

export function cancel(number: u32): void {
  if (tasks[number].home !== null) cpu.wake(tasks[number], Wake.Cancelled);
}

/** 0 to 2: signal, timed out, cancelled. */
export function whyWoken(number: u32): u32 {
  return tasks[number].woken;
}

export function expire(now: u64): void {
  cpu.expire(now);
}

export function deadlineToArm(): u64 {
  return cpu.deadlineToArm();
}

export function arm(deadline: u64): void {
  cpu.armedFor = deadline;
}

/** Lets `ticks` pass while the running task runs. */
export function pass(ticks: u64): void {
  counter += ticks;
}

/** The ticks that were put down to a task; 16 is idle. */
export function ticksOf(number: u32): u64 {
  return number < 16 ? tasks[number].ticks : cpu.idle.ticks;
}

export function watch(now: u64, run: u64): void {
  cpu.watch(now, run);
}

export function offer(): void {
  cpu.offers++;
}

/** The number of the task that keeps the CPU; 16: nobody. */
export function findHog(now: u64, run: u64): u32 {
  const hog = cpu.findHog(now, run);
  return hog === null ? 16 : numberOf(hog);
}

export function countStuck(): u64 {
  return cpu.countStuck();
}

/** Says who ends the waits in a list: 0 to 2, tasks, events, whoever has work. */
export function fedBy(list: u32, source: u32): void {
  lists[list].source = source as WakeSource;
}

function numberOf(wanted: Task): u32 {
  for (let number: u32 = 0; number < 16; number++) {
    if (tasks[number] === wanted) return number;
  }
  return 16;
}
