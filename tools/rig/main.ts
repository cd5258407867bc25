/** What every program on the rig does around its work: signals, and an exit code that says whose fault it was. */
import { constants } from "node:os";
import { exitCodes, verdictOf, type Verdict } from "./verdict.ts";

/**
 * Runs `work` and exits with the code of its verdict, or of the verdict that its exception stands for. A signal ends the
 * process at once with everything undone (at-exit.ts).
 */
export async function exitWithVerdict(work: () => Promise<Verdict | number>): Promise<never> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
  try {
    const result = await work();
    process.exit(typeof result === "number" ? result : exitCodes[result]);
  } catch (error) {
    const verdict = verdictOf(error);
    const text = error instanceof Error && "verdict" in error ? error.message : describe(error);
    console.error(`${verdict}: ${text}`);
    process.exit(exitCodes[verdict]);
  }
}

/** An exception that nobody foresaw: its stack is what helps. */
function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
