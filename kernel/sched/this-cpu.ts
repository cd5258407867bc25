/** The one place that knows which CPU runs this code. With several, it asks the CPU; until then there is one. */
import { Cpu } from "./cpu.ts";
import type { Task } from "./task.ts";

const bootCpu = new Cpu();

export function thisCpu(): Cpu {
  return bootCpu;
}

/** The task that runs this code. */
export function currentTask(): Task {
  const task = bootCpu.current;
  assert(task !== null, "the scheduler has started");
  return task;
}
