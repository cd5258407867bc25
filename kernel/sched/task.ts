/** A task: a flow of control with a stack of its own, and the lists that tasks stand in. */
import { Context } from "../arch/x86-xen/context-switch.ts";
import type { FpuState } from "../arch/x86-xen/fpu.ts";
import { Timer, type TimerTarget } from "./timer-heap.ts";

/** What a task does: it ends when `run` returns. The struct behind it must live as long as the task. */
export interface TaskBody {
  /** @blocks */
  run(): void;
}

/** Who goes first: strictly, among those that are ready. Within one priority they take turns. */
export const enum Priority {
  /** Serves devices, so that nobody waits for them longer than necessary. */
  Driver,
  /** Serves other tasks. */
  Service,
  Normal,
  /** What may wait until there is nothing else to do. */
  Background,
}

export const enum TaskState {
  Ready,
  Running,
  Waiting,
  /** `run` has returned; the stack is kept until somebody joined it. */
  Ended,
}

/** Why a wait is over. */
export const enum Wake {
  /** What was waited for has come. */
  Signal,
  TimedOut,
  /** The task is asked to end. */
  Cancelled,
}

/** Who can end the wait of those in a list. */
export const enum WakeSource {
  Tasks,
  /** A handler of events, or a task on its behalf: a domain in which everybody waits is not stuck. */
  Events,
  /** Whoever has work for the service that waits there, which may never be anybody: nobody else counts on it. */
  Work,
}

/** The CPU that runs a task. */
export interface TaskHome {
  /** @interrupt */
  wake(task: Task, why: Wake): void;
}

/** Tasks in the order in which they came. A task stands in at most one list. */
@struct
export class TaskList {
  first: Task | null = null;
  last: Task | null = null;
  /** What stands in the monitor's list of tasks. */
  readonly name: string = "";
  source: WakeSource = WakeSource.Tasks;

  constructor(name: string, source: WakeSource) {
    this.name = name;
    this.source = source;
  }

  isEmpty(): boolean {
    return this.first === null;
  }

  append(task: Task): void {
    assert(task.list === null, "a task stands in one list at a time");
    task.list = this;
    task.next = null;
    const last = this.last;
    task.previous = last;
    if (last === null) this.first = task;
    else last.next = task;
    this.last = task;
  }

  /** Takes out the one that waits longest. */
  takeFirst(): Task | null {
    const task = this.first;
    if (task !== null) this.remove(task);
    return task;
  }

  remove(task: Task): void {
    assert(task.list === this, "a task is taken out of the list that it stands in");
    const previous = task.previous;
    const next = task.next;
    if (previous === null) this.first = next;
    else previous.next = next;
    if (next === null) this.last = previous;
    else next.previous = previous;
    task.list = null;
    task.next = null;
    task.previous = null;
  }
}

/** Something that one task has and others wait for: what a chain of waiting tasks is followed along. */
export interface Owned {
  holder(): Task | null;
  title(): string;
}

@struct
export class Task implements TimerTarget {
  /** What is kept of the CPU while another task runs. */
  readonly context = new Context();
  state: TaskState = TaskState.Ready;
  /** Its own, or that of a more urgent task that waits for what this one has. */
  priority: Priority = Priority.Normal;
  ownPriority: Priority = Priority.Normal;
  name: string = "";
  body: TaskBody | null = null;
  home: TaskHome | null = null;
  /** The stack: lowest address, and one past the highest that `run` may use. */
  stackStart: u64 = 0;
  stackEnd: u64 = 0;
  /** The end of all that it was given: between lies this descriptor. */
  stackTop: u64 = 0;
  /** The list that it stands in, and its neighbours there. */
  list: TaskList | null = null;
  next: Task | null = null;
  previous: Task | null = null;
  /** The end of a wait or sleep. */
  readonly timer = new Timer();
  /** Why it runs again. */
  woken: Wake = Wake.Signal;
  /** Somebody asked it to end: its waits are over at once. */
  isCancelled: boolean = false;
  /** Its present wait goes on all the same: it must not be left half done. */
  isShielded: boolean = false;
  /** Nobody will join it: the idle task gives its stack back. */
  isDetached: boolean = false;
  /** Tasks that wait for its end. */
  readonly joiners = new TaskList("join", WakeSource.Tasks);
  /** What it waits for that another task has. */
  blockedBy: Owned | null = null;
  /** How many such things it has itself. */
  owns: u32 = 0;
  /** Its vector registers, while others compute; null: it does not. */
  fpu: FpuState | null = null;
  /** How often it was given the CPU, and for how long: in ticks of the CPU's counter, handlers of events included. */
  switches: u64 = 0;
  ticks: u64 = 0;
  /** It was reported for keeping the CPU. */
  isHog: boolean = false;
  /** Neighbours in the list of all tasks of its CPU. */
  older: Task | null = null;
  newer: Task | null = null;

  /** @interrupt */
  expired(timer: Timer, now: u64): void {
    this.home?.wake(this, Wake.TimedOut);
  }
}
