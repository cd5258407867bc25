/** The first task: what this boot was for. */
import type { Console } from "./dev/console.ts";
import { detach, spawn, waitIn, wakeAll } from "./sched/scheduler.ts";
import { Ending, endDomain } from "./sched/services.ts";
import { Priority, TaskList, WakeSource, type TaskBody } from "./sched/task.ts";
import { never } from "./sched/timer-heap.ts";
import type { Workload } from "./workload.ts";

@struct
class Session implements TaskBody {
  console: Console | null = null;
  workload: Workload | null = null;
  /** The task itself, until everything is there. */
  readonly start = new TaskList("boot", WakeSource.Tasks);

  /** @blocks */
  run(): void {
    while (this.workload === null) waitIn(this.start, never);
    this.workload!.run(this.console!);
    endDomain(Ending.Poweroff);
  }
}

const session = new Session();

/** Makes the task, before anybody takes memory that the domain could do without. */
export function makeSession(): Result<undefined> {
  const made = spawn("session", Priority.Normal, session);
  if (!made.ok) return err(made.error);
  detach(made.value);
  return ok();
}

/** Has it run the workload, and end the domain after it. */
export function startSession(console: Console, workload: Workload): void {
  session.console = console;
  session.workload = workload;
  wakeAll(session.start);
}
