import { spawnSync } from "node:child_process";
import path from "node:path";

import { workloads } from "./workloads.ts";

/** "ok", or why the form is not measured on a workload. */
export type Verdict = string;

/** The verdict where a form has no such workload. */
export const notWritten = "not written";

const SECONDS = 20;

/** What each workload of a form comes to, in a process of its own that a defect may end. */
export function verify(timerLibrary: string, library: string, ownArena: boolean): Verdict[] {
  const verdicts: Verdict[] = [];
  while (verdicts.length < workloads.length) {
    const command = verifyCommand(timerLibrary, library, ownArena, verdicts.length);
    const child = spawnSync(process.execPath, command, {
      encoding: "utf8",
      timeout: SECONDS * 1000,
      killSignal: "SIGKILL",
    });
    verdicts.push(...child.stdout.split("\n").filter((line) => line !== ""));
    if (child.status === 0) break;
    if (child.signal === "SIGKILL") verdicts.push(`still running after ${SECONDS} s`);
    else verdicts.push(child.signal ? `stopped by ${child.signal}` : lastLine(child.stderr));
  }
  return verdicts;
}

/** Node's arguments that run verify.ts on a form, from workload number `first` on. */
export function verifyCommand(
  timerLibrary: string,
  library: string,
  ownArena: boolean,
  first: number,
): string[] {
  const script = path.join(import.meta.dirname, "verify.ts");
  return ["--import=tsx", script, timerLibrary, library, ownArena ? "own" : "shared", String(first)];
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "ended without a word";
}
