/**
 * Tasks take turns where they say so: at every function tagged `@blocks`, and nowhere else. docs/tasks.md says why. Cpu
 * decides; this file acts: it masks events, changes stacks, sets the timer and lets Xen have the CPU.
 */
import { printInterrupted } from "../arch/x86-xen/backtrace.ts";
import { prepareContext, switchContext } from "../arch/x86-xen/context-switch.ts";
import { enableEvents, MaskedEvents } from "../arch/x86-xen/events.ts";
import { releaseFpu, switchFpu, type FpuState } from "../arch/x86-xen/fpu.ts";
import { block } from "../arch/x86-xen/hypercall/sched.ts";
import { runningTime } from "../arch/x86-xen/hypercall/vcpu.ts";
import { bootStackRegion } from "../arch/x86-xen/memory-map.ts";
import { counterNow, systemTime } from "../arch/x86-xen/system-time.ts";
import { armTimer, startTimer, type ClockInterrupt } from "../arch/x86-xen/timer.ts";
import * as log from "../lib/log.ts";
import { panic } from "../lib/panic.ts";
import type { Cpu } from "./cpu.ts";
import type { IdleWork } from "./idle-work.ts";
import { placeTask, stackOf, type StackSource } from "./stack.ts";
import { Priority, Task, TaskState, Wake, WakeSource, type TaskBody, type TaskList } from "./task.ts";
import { currentTask, thisCpu } from "./this-cpu.ts";
import { never, type Timer } from "./timer-heap.ts";

const millisecond = 1000000;

let stacks: StackSource | null = null;

/** Makes the caller the idle task, and takes stacks from `source`. Needs events. */
export function startScheduler(source: StackSource): Result<undefined> {
  const boot = bootStackRegion();
  thisCpu().adopt(boot.start, boot.end, counterNow());
  stacks = source;
  switchFpu(null); // from here on a task computes only where it said so
  return startTimer(clock);
}

/**
 * Starts a task; it runs for the first time when the caller waits or yields. The reference is good until somebody joined
 * the task: one that nobody is going to join must be detached.
 */
export function spawn(name: string, priority: Priority, body: TaskBody): Result<Task> {
  const source = stacks;
  assert(source !== null, "the scheduler has started");
  releaseUnclaimed();
  const stack = source.take();
  if (!stack.ok) return err(stack.error);
  const task = placeTask(stack.value);
  task.name = name;
  task.priority = priority;
  task.ownPriority = priority;
  task.body = body;
  prepareContext(task.context, task.stackEnd, runTask);
  using masked = new MaskedEvents();
  thisCpu().add(task);
  return ok(task);
}

/** Where a task begins: events are masked, as after every switch. */
function runTask(): void {
  const task = currentTask();
  enableEvents();
  task.body?.run();
  endTask(task);
}

/** @blocks */
function endTask(task: Task): never {
  const cpu = thisCpu();
  using masked = new MaskedEvents();
  task.state = TaskState.Ended;
  if (task.fpu !== null) releaseFpu(task.fpu);
  for (let joiner = task.joiners.first; joiner !== null; joiner = task.joiners.first) {
    cpu.wake(joiner, Wake.Signal);
  }
  if (task.isDetached) cpu.unclaimed.append(task);
  giveWay(cpu, task);
  panic("a task that has ended runs again");
}

/** Runs whoever is next, until `task`, which runs now, is chosen again. Events are masked. @blocks */
function giveWay(cpu: Cpu, task: Task): void {
  const next = cpu.next(counterNow());
  if (next === task) return;
  switchFpu(next.fpu);
  switchContext(task.context, next.context);
}

/**
 * From here on this task may compute with vector registers: `state`, a fresh one that lives at least as long as the task,
 * keeps them while others run.
 */
export function useFpu(state: FpuState): void {
  using masked = new MaskedEvents();
  currentTask().fpu = state;
  switchFpu(state);
}

/** Lets those go first that are ready and at least as urgent. @blocks */
export function yieldNow(): void {
  const cpu = thisCpu();
  using masked = new MaskedEvents();
  const task = currentTask();
  cpu.offers++;
  if (!cpu.ready.hasTurnFor(task.priority)) return;
  cpu.makeReady(task);
  giveWay(cpu, task);
}

/** Lets even those go first that are as urgent as `priority`, which is less than this task is. @blocks */
export function yieldAs(priority: Priority): void {
  using masked = new MaskedEvents();
  const task = currentTask();
  task.priority = priority;
  yieldNow();
  task.priority = task.ownPriority;
}

/** For long computations: lets those go first that are more urgent. Costs next to nothing where there is nobody. @blocks */
export function preemptionPoint(): void {
  const cpu = thisCpu();
  cpu.offers++;
  if (cpu.ready.hasMoreUrgent(currentTask().priority)) yieldNow();
}

/**
 * Waits in `list`, until somebody wakes this task, at the latest until `deadline` (system time in ns; `never`: without a
 * limit). Where the condition that is waited for can be made true by an event, events must be masked from looking at it to
 * here, or the news is missed. A task that is asked to end does not wait. @blocks
 */
export function waitIn(list: TaskList | null, deadline: u64): Wake {
  return suspend(list, deadline, false);
}

/** As `waitIn`, and goes on where the task is asked to end: for steps that must not be left half done. @blocks */
export function waitShielded(list: TaskList | null, deadline: u64): Wake {
  return suspend(list, deadline, true);
}

/** @blocks */
function suspend(list: TaskList | null, deadline: u64, isShielded: boolean): Wake {
  const cpu = thisCpu();
  using masked = new MaskedEvents();
  const task = currentTask();
  if (task.isCancelled && !isShielded) return Wake.Cancelled;
  task.isShielded = isShielded;
  cpu.suspend(task, list, deadline);
  armIfEarlier(cpu);
  giveWay(cpu, task);
  return task.woken;
}

/** Ends the wait of the task that waits longest in `list`; false where nobody does. @interrupt */
export function wakeFirst(list: TaskList): boolean {
  using masked = new MaskedEvents();
  const task = list.first;
  if (task === null) return false;
  task.home?.wake(task, Wake.Signal);
  return true;
}

/** Ends the wait of all tasks in `list`. @interrupt */
export function wakeAll(list: TaskList): void {
  using masked = new MaskedEvents();
  while (list.first !== null) wakeFirst(list);
}

/** Waits until system time is `deadline`. @blocks */
export function sleepUntil(deadline: u64): Wake {
  if (deadline <= systemTime()) {
    yieldNow();
    return currentTask().isCancelled ? Wake.Cancelled : Wake.TimedOut;
  }
  return waitIn(null, deadline);
}

/** Waits for so many nanoseconds. @blocks */
export function sleep(duration: u64): Wake {
  return sleepUntil(systemTime() + duration);
}

/**
 * Waits for the end of `task`, at the latest until `deadline`, and gives its stack back. Only where the result is
 * `Wake.Signal` it has ended, and the reference is good no more. One task joins another. @blocks
 */
export function join(task: Task, deadline: u64): Wake {
  using masked = new MaskedEvents();
  assert(!task.isDetached, "a detached task is not joined");
  while (task.state !== TaskState.Ended) {
    const woken = waitIn(task.joiners, deadline);
    if (woken !== Wake.Signal) return woken;
  }
  release(task);
  return Wake.Signal;
}

/** Nobody will join `task`: its stack goes back when it has ended. */
export function detach(task: Task): void {
  using masked = new MaskedEvents();
  task.isDetached = true;
  if (task.state === TaskState.Ended) release(task);
}

/**
 * Asks `task` to end. Its present wait, unless shielded, and every later one is over at once with `Wake.Cancelled`; what it
 * makes of that is up to it. @interrupt
 */
export function cancel(task: Task): void {
  using masked = new MaskedEvents();
  task.isCancelled = true;
  if (!task.isShielded) task.home?.wake(task, Wake.Cancelled);
}

/** Events are masked. */
function release(task: Task): void {
  thisCpu().drop(task);
  stacks?.giveBack(stackOf(task));
}

function releaseUnclaimed(): void {
  using masked = new MaskedEvents();
  for (let task = thisCpu().unclaimed.takeFirst(); task !== null; task = thisCpu().unclaimed.takeFirst()) {
    release(task);
  }
}

/** Sets `timer`, whose target is told at `deadline` or later. @interrupt */
export function setTimer(timer: Timer, deadline: u64): void {
  const cpu = thisCpu();
  using masked = new MaskedEvents();
  cpu.timers.remove(timer);
  timer.deadline = deadline;
  cpu.timers.insert(timer);
  armIfEarlier(cpu);
}

/** Nobody is told any more. @interrupt */
export function clearTimer(timer: Timer): void {
  using masked = new MaskedEvents();
  thisCpu().timers.remove(timer);
}

function armIfEarlier(cpu: Cpu): void {
  const deadline = cpu.deadlineToArm();
  if (deadline === never) return;
  cpu.armedFor = deadline;
  cpu.armings++;
  armTimer(deadline);
}

/** The hardware timer: it is set to nothing any more, and the next deadline is to be found. */
@struct
class Clock implements ClockInterrupt {
  /** @interrupt */
  fired(): void {
    const cpu = thisCpu();
    const now = systemTime();
    cpu.armedFor = never;
    cpu.expire(now);
    if (now >= cpu.watchAt) lookForHog(cpu, now);
    armIfEarlier(cpu);
  }
}

const clock = new Clock();

/** A task that keeps the CPU is a defect of the kernel: where it is helps to mend it. @interrupt */
function lookForHog(cpu: Cpu, now: u64): void {
  const run = runningTime(cpu.number);
  const hog = cpu.findHog(now, run);
  if (hog === null) return;
  log.warn(
    `task ${hog.name} has run for ${(run - cpu.watchedRun) / millisecond} ms without letting others run`,
  );
  printInterrupted();
}

/**
 * What the flow of control that booted does from now on: it runs where nobody else can, does some of `works`, and has Xen
 * wait. @blocks
 */
export function idle(works: Slice<IdleWork>): never {
  const cpu = thisCpu();
  for (;;) {
    do runOthers(cpu);
    while (doSome(works));
    using masked = new MaskedEvents();
    if (!cpu.ready.isEmpty()) continue;
    releaseUnclaimed();
    const stuck = cpu.countStuck();
    if (stuck > 0) reportStuck(cpu, stuck);
    if (cpu.ready.isEmpty()) block(); // that line may have woken whoever edits one
  }
}

/** Does a piece of the first work that has any; false where none has. */
function doSome(works: Slice<IdleWork>): boolean {
  for (const work of works) {
    if (work.step()) return true;
  }
  return false;
}

/** Runs tasks until none is ready. @blocks */
function runOthers(cpu: Cpu): void {
  using masked = new MaskedEvents();
  while (!cpu.ready.isEmpty()) {
    if (cpu.watchAt === never) {
      cpu.watch(systemTime(), runningTime(cpu.number));
      armIfEarlier(cpu);
    }
    giveWay(cpu, cpu.idle);
  }
}

/** Says once that nobody but services can run any more, and goes on: somebody may still look, from outside. */
function reportStuck(cpu: Cpu, stuck: u64): void {
  cpu.deadlocks++;
  if (cpu.deadlocks > 1) return;
  log.error(`${stuck} tasks wait for each other, and no timer or event will end that`);
  for (let task = cpu.newest; task !== null; task = task.older) {
    const list = task.list;
    if (list !== null && list.source === WakeSource.Tasks) log.error(`  ${task.name} waits in ${list.name}`);
  }
}
