/** Runs one command of the host system to its end. */
import { spawn } from "node:child_process";
import type { Readable } from "node:stream";

/** How a host command ended. `status` is null when a signal ended it or it could not be started (then `stderr` says why). */
export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@link runCommand}. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Called with each complete line that the command writes to its file descriptor 3 (apt's status reports). */
  readonly onStatusLine?: (line: string) => void;
}

/** Runs `file` with `args`, without a shell and without input, and collects what it prints. Never throws. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", "pipe", "pipe", options.onStatusLine ? "pipe" : "ignore"],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on("data", (bytes: Buffer) => out.push(bytes));
    child.stderr?.on("data", (bytes: Buffer) => err.push(bytes));
    if (options.onStatusLine) readLines(child.stdio[3] as Readable, options.onStatusLine);
    let failure = "";
    child.on("error", (error) => {
      failure = error.message;
      if (child.pid === undefined) finish(null);
    });
    child.on("close", (status) => finish(status));
    function finish(status: number | null): void {
      resolve({
        status,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString() + failure,
      });
    }
  });
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
  });
}
