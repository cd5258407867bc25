/** The first task: what this boot was for. */
import { powerOff } from "./arch/x86-xen/shutdown.ts";
import type { Console } from "./dev/console.ts";
import { panic } from "./lib/panic.ts";
import { detach, spawn } from "./sched/scheduler.ts";
import { Priority, type TaskBody } from "./sched/task.ts";
import type { Workload } from "./workload.ts";

@struct
class Session implements TaskBody {
  console: Console | null = null;
  workload: Workload | null = null;

  /** @blocks */
  run(): void {
    this.workload!.run(this.console!);
    powerOff();
  }
}

const session = new Session();

/** Starts the task that runs the workload, and ends the domain after it. */
export function startSession(console: Console, workload: Workload): void {
  session.console = console;
  session.workload = workload;
  const started = spawn("session", Priority.Normal, session);
  if (!started.ok) panic(`cannot start the first task: ${started.error}`);
  detach(started.value);
}
