/** `bench=…`: what is measured instead of running the monitor. */
import { powerOff } from "../arch/x86-xen/shutdown.ts";
import * as log from "../lib/log.ts";
import { panic } from "../lib/panic.ts";
import { memoryAhead } from "../sched/memory-ahead.ts";
import { detach, idle, spawn } from "../sched/scheduler.ts";
import { Priority, type TaskBody } from "../sched/task.ts";
import { Benchmark } from "./benchmark.ts";
import { measureBoot } from "./boot.ts";
import { measureCore } from "./core.ts";

@struct
class BenchmarkTask implements TaskBody {
  benchmark: Benchmark = Benchmark.None;

  /** @blocks */
  run(): void {
    if (this.benchmark === Benchmark.Boot) measureBoot();
    else measureCore();
    log.info("bench: done"); // for whoever reads the console
    powerOff();
  }
}

const task = new BenchmarkTask();

/** Measures in a task of its own, while the caller idles. Comes back only where there is nothing to measure. @allocates */
export function runBenchmark(benchmark: Benchmark): void {
  if (benchmark === Benchmark.None) return;
  task.benchmark = benchmark;
  const started = spawn("bench", Priority.Normal, task);
  if (!started.ok) panic(`cannot start the benchmark's task: ${started.error}`);
  detach(started.value);
  idle(memoryAhead);
}
