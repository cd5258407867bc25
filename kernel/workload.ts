/** What a kernel is booted for: the monitor in the image that ships, defects on purpose in the one that tests it. */
import type { Console } from "./dev/console.ts";

export interface Workload {
  /** A word of the command line that the kernel itself does not know; false where it is unknown here as well. */
  takeOption(key: Slice<u8>, value: Slice<u8>): boolean;
  /** On the boot stack, when everything works and no task runs yet. */
  prepare(): void;
  /** In the first task. The domain is powered off when it returns. @blocks */
  run(console: Console): void;
}
