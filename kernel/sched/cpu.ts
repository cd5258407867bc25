/**
 * What one CPU knows about its tasks and timers: every decision of the scheduler, and nothing that acts. Time comes in as
 * an argument, so all of this runs on any machine. Events are masked while a method runs.
 */
import { RunQueue } from "./run-queue.ts";
import { Priority, Task, TaskList, TaskState, Wake, WakeSource, type TaskHome } from "./task.ts";
import { never, Timer, TimerHeap } from "./timer-heap.ts";

@struct
export class Cpu implements TaskHome {
  /** The vCPU that it is. */
  number: u32 = 0;
  /** Who runs now; null until the scheduler has started. */
  current: Task | null = null;
  /** Runs where nobody else can: the flow of control that booted this CPU. */
  readonly idle = new Task();
  readonly ready = new RunQueue();
  readonly timers = new TimerHeap();
  /** What the hardware timer is set to, `never` where it is not. */
  armedFor: u64 = never;
  /** Every task of this CPU but idle, newest first. */
  newest: Task | null = null;
  taskCount: u64 = 0;
  /** Ended tasks that nobody joins. */
  readonly unclaimed = new TaskList("ended", WakeSource.Tasks);

  switches: u64 = 0;
  /** How often the running task offered to let others go first, whether or not there was anybody. */
  offers: u64 = 0;
  /** What the CPU's counter showed when time was last put down to a task. */
  chargedAt: u64 = 0;
  startedAt: u64 = 0;
  /** How long a task may keep the CPU before it is reported, in ns. */
  patience: u64 = 2000000000;
  /** When somebody looks next whether a task keeps the CPU; `never` while nobody but idle runs. */
  watchAt: u64 = never;
  /** Switches and offers at the last look, and how long the vCPU had run by then, in ns. */
  watchedTurns: u64 = 0;
  watchedRun: u64 = 0;
  /** How often the hardware timer was set, and how many timers have expired. */
  armings: u64 = 0;
  expirations: u64 = 0;
  /** How often everybody waited for somebody who waits as well. */
  deadlocks: u64 = 0;

  /** Makes the flow of control that calls this the idle task. */
  adopt(stackStart: u64, stackEnd: u64, counter: u64): void {
    assert(this.current === null, "a CPU's scheduler starts once");
    this.idle.name = "idle";
    this.idle.priority = Priority.Background;
    this.idle.state = TaskState.Running;
    this.idle.home = this;
    this.idle.stackStart = stackStart;
    this.idle.stackEnd = stackEnd;
    this.current = this.idle;
    this.chargedAt = counter;
    this.startedAt = counter;
  }

  /** Lets a prepared task take part. */
  add(task: Task): void {
    task.home = this;
    task.older = this.newest;
    task.newer = null;
    if (this.newest !== null) this.newest.newer = task;
    this.newest = task;
    this.taskCount++;
    this.makeReady(task);
  }

  /** Forgets an ended task. */
  drop(task: Task): void {
    assert(task.state === TaskState.Ended, "only a task that has ended is dropped");
    const older = task.older;
    const newer = task.newer;
    if (newer === null) this.newest = older;
    else newer.older = older;
    if (older !== null) older.newer = newer;
    this.taskCount--;
  }

  makeReady(task: Task): void {
    task.state = TaskState.Ready;
    this.ready.append(task);
  }

  /** Takes the running task off the CPU until it is woken, by `deadline` at the latest. `next` says who runs then. */
  suspend(task: Task, list: TaskList | null, deadline: u64): void {
    assert(task !== this.idle, "the idle task does not wait: nobody would be left to run");
    task.state = TaskState.Waiting;
    task.woken = Wake.Signal;
    if (list !== null) list.append(task);
    if (deadline === never) return;
    task.timer.deadline = deadline;
    task.timer.target = task;
    this.timers.insert(task.timer);
  }

  /** Ends the wait of `task`; nothing where it does not wait. @interrupt */
  wake(task: Task, why: Wake): void {
    if (task.state !== TaskState.Waiting) return;
    if (task.list !== null) task.list.remove(task);
    this.timers.remove(task.timer);
    task.woken = why;
    this.makeReady(task);
  }

  /**
   * `waiter` begins to wait for what `holder` has: whoever stands in its way, along the whole chain, becomes as urgent as it
   * is. Otherwise a task of middling urgency could keep it waiting for as long as it likes (priority inversion).
   */
  lend(waiter: Task, holder: Task | null): void {
    for (let task = holder; task !== null && waiter.priority < task.priority; task = blocker(task)) {
      this.setPriority(task, waiter.priority);
    }
  }

  /** Takes a borrowed priority back from a task that has nothing any more. */
  settle(task: Task): void {
    if (task.owns === 0 && task.priority !== task.ownPriority) this.setPriority(task, task.ownPriority);
  }

  setPriority(task: Task, priority: Priority): void {
    if (task.state === TaskState.Ready) this.ready.remove(task);
    task.priority = priority;
    if (task.state === TaskState.Ready) this.ready.append(task);
  }

  /** Ends the waits of all tasks whose time has come, and tells every other timer. */
  expire(now: u64): void {
    for (let timer = this.timers.takeDue(now); timer !== null; timer = this.timers.takeDue(now)) {
      this.expirations++;
      timer.target?.expired(timer, now);
    }
  }

  /** Who runs next; idle where nobody is ready. `counter` is what the CPU's counter shows. */
  next(counter: u64): Task {
    this.charge(counter);
    const task = this.ready.takeNext() ?? this.idle;
    task.state = TaskState.Running;
    task.switches++;
    this.switches++;
    this.current = task;
    return task;
  }

  /** Puts the time since the last call down to the running task. */
  charge(counter: u64): void {
    const task = this.current;
    if (task !== null && counter > this.chargedAt) task.ticks += counter - this.chargedAt; // two CPUs' counters may differ
    this.chargedAt = counter;
  }

  /** Looks again after `patience`; the vCPU has run for `run` ns so far. Time that Xen gave to others is nobody's fault. */
  watch(now: u64, run: u64): void {
    this.watchAt = now + this.patience;
    this.watchedTurns = this.switches + this.offers;
    this.watchedRun = run;
  }

  /** The running task, where it has kept the CPU since the last look; each is found once. Looks again, unless idle runs. */
  findHog(now: u64, run: u64): Task | null {
    const task = this.current;
    if (task === null || task === this.idle) {
      this.watchAt = never;
      return null;
    }
    const hogs =
      this.switches + this.offers === this.watchedTurns && run - this.watchedRun >= this.patience / 2;
    if (!hogs) this.watch(now, run);
    else this.watchAt = now + this.patience;
    if (!hogs || task.isHog) return null;
    task.isHog = true;
    return task;
  }

  /**
   * The deadline that the hardware timer has to be set to, or `never` where it may stay as it is. It is only ever moved
   * forward: a timer that was taken out leaves it set, and is found missing when it fires. So a time limit that is set and
   * lifted over and over, as around each request to a device, costs one hypercall for each *limit*, not for each request.
   */
  deadlineToArm(): u64 {
    const earliest = min<u64>(this.timers.earliest(), this.watchAt);
    return earliest < this.armedFor ? earliest : never;
  }

  /**
   * How many tasks can never run again, since all wait for each other: neither a timer nor an event can end that. Services
   * that have nothing to do neither help them nor are they among them.
   */
  countStuck(): u64 {
    if (!this.ready.isEmpty() || this.timers.count > 0) return 0;
    let stuck: u64 = 0;
    for (let task: Task | null = this.newest; task !== null; task = task.older) {
      if (task.state === TaskState.Ended) continue;
      const list = task.list;
      if (list === null || list.source === WakeSource.Events) return 0;
      if (list.source === WakeSource.Tasks) stuck++;
    }
    return stuck;
  }
}

/** Whom `task` waits for. */
export function blocker(task: Task): Task | null {
  return task.blockedBy?.holder() ?? null;
}
