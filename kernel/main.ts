/** The image that ships: boots, and runs the monitor. */
import { boot } from "./boot.ts";
import type { Console } from "./dev/console.ts";
import { runMonitor } from "./monitor/monitor.ts";
import type { Workload } from "./workload.ts";
import type { StartInfo } from "./xen-abi/xen.ts";

@struct
class MonitorWorkload implements Workload {
  takeOption(key: Slice<u8>, value: Slice<u8>): boolean {
    return false;
  }

  prepare(): void {}

  /** @blocks */
  run(console: Console): void {
    runMonitor(console);
  }
}

const monitor = new MonitorWorkload();

/**
 * Where head.S goes, on the boot stack, with events masked.
 * @export xenlet_main
 */
export function xenletMain(info: StartInfo): never {
  boot(info, monitor);
}
