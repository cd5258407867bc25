/**
 * Events that are served by a task. The handler only masks the port and wakes the task, which may wait, take locks and take
 * its time; the port is unmasked when the task is done. So a peer that rings without end costs one upcall for each round of
 * work, and cannot keep other tasks from running.
 */
import {
  bindTarget,
  maskPort,
  MaskedEvents,
  unbindTarget,
  unmaskPort,
  type EventTarget,
} from "../arch/x86-xen/events.ts";
import { noPort, type EventPort } from "../xen-abi/event-channel.ts";
import { spawn, waitIn, wakeAll, yieldAs } from "./scheduler.ts";
import { Priority, Task, TaskList, Wake, WakeSource, type TaskBody } from "./task.ts";
import { currentTask } from "./this-cpu.ts";
import { never } from "./timer-heap.ts";

/** How many rounds it may go before all others. */
const roundsInARow = 16;

/** What is to be done when the port has rung. */
export interface EventWork {
  /** Takes everything that there is: a ring that comes meanwhile makes another round. @blocks */
  serve(): void;
}

@struct
export class EventTask implements EventTarget, TaskBody {
  /** None as long as it has not started. */
  work: EventWork | null = null;
  port: EventPort = noPort;
  hasRung: boolean = false;
  readonly news = new TaskList("event", WakeSource.Work);
  rounds: u64 = 0;
  /** Rounds since it last had nothing to do. */
  busyRounds: u32 = 0;

  constructor(work: EventWork | null) {
    this.work = work;
  }

  /** Begins to serve `port`; ends when the task that comes back is cancelled. An error leaves nothing behind. */
  start(name: string, port: EventPort): Result<Task> {
    this.port = port;
    this.hasRung = false;
    const bound = bindTarget(port, this);
    if (!bound.ok) return err(bound.error);
    const task = spawn(name, Priority.Driver, this);
    if (!task.ok) unbindTarget(port);
    return task;
  }

  /** @interrupt */
  rang(port: EventPort): void {
    maskPort(port);
    this.hasRung = true;
    wakeAll(this.news);
  }

  /** @blocks */
  run(): void {
    while (this.awaitRing() === Wake.Signal) {
      this.rounds++;
      this.work!.serve();
      unmaskPort(this.port);
    }
    unbindTarget(this.port);
  }

  /** @blocks */
  awaitRing(): Wake {
    using masked = new MaskedEvents();
    if (currentTask().isCancelled) return Wake.Cancelled;
    if (this.hasRung) this.takeTurns();
    while (!this.hasRung) {
      this.busyRounds = 0;
      const woken = waitIn(this.news, never);
      if (woken !== Wake.Signal) return woken;
    }
    this.hasRung = false;
    return Wake.Signal;
  }

  /** There is always more to do: that must not keep ordinary tasks from running. @blocks */
  takeTurns(): void {
    this.busyRounds++;
    if (this.busyRounds < roundsInARow) return;
    this.busyRounds = 0;
    yieldAs(Priority.Normal);
  }
}
