/** `bench=…`: what is measured instead of running the monitor. */
import { powerOff } from "../arch/x86-xen/shutdown.ts";
import * as log from "../lib/log.ts";
import { measureBoot } from "./boot.ts";
import { measureCore } from "./core.ts";

export const enum Benchmark {
  None,
  /** What the kernel's own operations cost. */
  Core,
  /** How long booting took. */
  Boot,
}

/** Comes back only where there is nothing to measure. @allocates */
export function runBenchmark(benchmark: Benchmark): void {
  switch (benchmark) {
    case Benchmark.None:
      return;
    case Benchmark.Core:
      measureCore();
      break;
    case Benchmark.Boot:
      measureBoot();
      break;
  }
  log.info("bench: done"); // for whoever reads the console
  powerOff();
}
