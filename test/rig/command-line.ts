/** Runs one of the project's commands as its users do, and keeps what it says. */
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../tools/rig/paths.ts";

/** A running command line, with what it has printed. */
export interface Run {
  readonly process: ChildProcess;
  /** Marks the process and all its children: their environment has it. */
  readonly mark: string;
  readonly status: Promise<number | null>;
  output: string;
}

/** Starts `script` with these arguments, its input a pipe. */
export function runScript(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Run {
  const mark = randomUUID();
  const process_ = spawn(process.execPath, ["--import=tsx", script, ...args], {
    cwd: projectRoot,
    env: { ...process.env, ...env, RIG_TEST_MARK: mark },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const status = new Promise<number | null>((resolve) => process_.on("close", resolve));
  const run: Run = { process: process_, mark, status, output: "" };
  for (const stream of [process_.stdout, process_.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (run.output += text));
  }
  return run;
}

/** Waits until the output from `start` on matches; throws with the output when the command ends before. */
export async function says(run: Run, pattern: RegExp, start = 0): Promise<void> {
  let hasEnded = false;
  void run.status.then(() => (hasEnded = true));
  while (!pattern.test(run.output.slice(start))) {
    if (hasEnded) throw new Error(`the command ended without saying ${pattern}:\n${run.output}`);
    await sleep(20);
  }
}
