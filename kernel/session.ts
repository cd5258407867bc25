/** The first task: what this boot was for. */
import { powerOff } from "./arch/x86-xen/shutdown.ts";
import type { Console } from "./dev/console.ts";
import { panic } from "./lib/panic.ts";
import { runMonitor } from "./monitor.ts";
import { SelfTest } from "./options.ts";
import { exerciseEvents } from "./sched/exercise-events.ts";
import { exerciseTasks } from "./sched/exercise-tasks.ts";
import { exerciseTimer, showClocks } from "./sched/exercise-timer.ts";
import { detach, spawn } from "./sched/scheduler.ts";
import { Priority, type TaskBody } from "./sched/task.ts";
import type { StartInfo } from "./xen-abi/xen.ts";

@struct
class Session implements TaskBody {
  console: Console | null = null;
  info: StartInfo | null = null;
  test: SelfTest = SelfTest.None;

  /** @blocks */
  run(): void {
    runExercise(this.test); // test=…, for the kernel's own tests
    if (this.console !== null && this.info !== null) runMonitor(this.console, this.info); // until somebody says halt
    powerOff();
  }
}

/** Comes back where there is nothing to run. @blocks */
function runExercise(test: SelfTest): void {
  switch (test) {
    case SelfTest.Tasks:
      exerciseTasks();
      break;
    case SelfTest.Timer:
      exerciseTimer();
      break;
    case SelfTest.Events:
      exerciseEvents();
      break;
    case SelfTest.Clock:
      showClocks();
      break;
    default:
      return;
  }
  powerOff();
}

const session = new Session();

/** Starts the task that runs a self-test, or else the monitor, and ends the domain after it. */
export function startSession(console: Console, info: StartInfo, test: SelfTest): void {
  session.console = console;
  session.info = info;
  session.test = test;
  const started = spawn("session", Priority.Normal, session);
  if (!started.ok) panic(`cannot start the first task: ${started.error}`);
  detach(started.value);
}
