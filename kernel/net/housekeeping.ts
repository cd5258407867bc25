/** The task that calls the stack when something is due: questions to neighbours, fragments that waited too long. */
import type { NetworkStack } from "./network-stack.ts";
import type { Alarm } from "./alarm.ts";
import { detach, spawn, waitIn, wakeAll } from "../sched/scheduler.ts";
import { Priority, TaskList, Wake, WakeSource, type TaskBody } from "../sched/task.ts";
import { never } from "../sched/timer-heap.ts";

@struct
export class Housekeeping implements Alarm, TaskBody {
  readonly stack: NetworkStack;
  /** When the stack is to be called; while nothing is due, no timer runs. */
  deadline: u64 = never;
  readonly news = new TaskList("network, for what is due", WakeSource.Work);

  constructor(stack: NetworkStack) {
    this.stack = stack;
  }

  /** @allocates */
  start(): Result<undefined> {
    this.stack.useAlarm(this);
    const task = spawn("network", Priority.Service, this);
    if (!task.ok) return err(task.error);
    detach(task.value);
    return ok();
  }

  callAt(deadline: u64): void {
    if (deadline >= this.deadline) return;
    this.deadline = deadline;
    wakeAll(this.news);
  }

  /** @blocks */
  run(): void {
    for (;;) {
      const woken = waitIn(this.news, this.deadline);
      if (woken === Wake.Cancelled) return;
      if (woken === Wake.Signal) continue; // an earlier deadline
      const now = this.deadline;
      this.deadline = never;
      this.callAt(this.stack.tick(now));
    }
  }
}
