/** `bench=…`: what is measured instead of running the monitor. */
import { powerOff } from "../arch/x86-xen/shutdown.ts";
import * as log from "../lib/log.ts";
import { panic } from "../lib/panic.ts";
import { detach, idle, spawn } from "../sched/scheduler.ts";
import { Priority, type TaskBody } from "../sched/task.ts";
import { whenIdle } from "../sched/when-idle.ts";
import { Benchmark } from "./benchmark.ts";
import { measureBlock } from "./block.ts";
import { measureBoot } from "./boot.ts";
import { measureCore } from "./core.ts";
import { serveNet } from "./net.ts";

@struct
class BenchmarkTask implements TaskBody {
  benchmark: Benchmark = Benchmark.None;

  /** @blocks */
  run(): void {
    this.measure();
    log.info("bench: done"); // for whoever reads the console
    powerOff();
  }

  /** @allocates @blocks */
  measure(): void {
    switch (this.benchmark) {
      case Benchmark.None:
        return;
      case Benchmark.Core:
        return measureCore();
      case Benchmark.Boot:
        return measureBoot();
      case Benchmark.Net:
        return serveNet();
      case Benchmark.Block:
        return measureBlock();
    }
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
  idle(whenIdle);
}
