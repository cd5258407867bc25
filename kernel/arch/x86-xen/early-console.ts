/** Xen's own console as a place for the log. Xen lets its first domain write there; a release build lets nobody else. */
import type { LogSink } from "../../lib/log.ts";
import { writeXenConsole } from "./hypercall/console.ts";

@struct
export class EarlyConsole implements LogSink {
  /** Xen said no once; it is not asked again. */
  refused: boolean = false;

  write(bytes: Slice<u8>): void {
    if (this.refused || bytes.length === 0) return;
    const written = writeXenConsole(bytes);
    if (!written.ok) this.refused = true;
  }

  /** Xen takes everything at once. */
  drain(): void {}
}

export const earlyConsole = new EarlyConsole();
