/** Runs one command in dom0 to its end, with a limit on its time. */
import type { AgentLink } from "./agent-link.ts";
import type { WorkEnd } from "./frame.ts";
import { EnvironmentError } from "./verdict.ts";

/** How a command in dom0 ended. */
export interface CommandOutcome {
  /** Exit status; 128 + the signal's number when a signal ended it, as in a shell. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** True when the command was killed because its time was over. */
  readonly timedOut: boolean;
}

const defaultLimitMs = 30_000;
/** When a killed command's pipes are still held by something that left its process group, they are closed after this. */
const insistAfterMs = 2_000;
/** When the agent has said nothing at all by then, it or dom0 has died. */
const giveUpAfterMs = 15_000;

/** Runs a command: a string by the shell, a list as it is. Kills it after `limitMs`; breaks the link if that is in vain. */
export async function runInDom0(
  link: AgentLink,
  command: string | readonly string[],
  limitMs = defaultLimitMs,
): Promise<CommandOutcome> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const args = typeof command === "string" ? ["/bin/sh", "-c", command] : command;
  const work = link.spawn(args, {
    onStdout: (bytes) => out.push(bytes),
    onStderr: (bytes) => err.push(bytes),
  });
  work.finish();
  let timedOut = false;
  const limit = setTimeout(() => {
    timedOut = true;
    work.kill();
  }, limitMs);
  const insistence = setTimeout(() => work.kill(), limitMs + insistAfterMs);
  const last = setTimeout(() => link.abort(noAnswer(args)), limitMs + giveUpAfterMs);
  try {
    const end = await work.end;
    const stderr = Buffer.concat(err).toString() + (end.kind === "error" ? end.text : "");
    return { status: statusOf(end), stdout: Buffer.concat(out).toString(), stderr, timedOut };
  } finally {
    [limit, insistence, last].forEach((timer) => clearTimeout(timer));
  }
}

function statusOf(end: WorkEnd): number {
  if (end.kind === "status") return end.status;
  // 127 is a shell's "command not found".
  return end.kind === "signal" ? 128 + end.signal : 127;
}

function noAnswer(args: readonly string[]): EnvironmentError {
  return new EnvironmentError(
    `dom0 does not answer any more, while running: ${args.join(" ")}`,
    "start the rig again",
  );
}
