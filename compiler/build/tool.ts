/** Runs the build's outside programs (nasm, ld, llvm-*), and turns a failure into a message that says what to do. */
import { spawn } from "node:child_process";

/** An outside program failed. `message` carries its own output as it came, then what to do. */
export class ToolError extends Error {}

/** How to run one program. */
export interface ToolRun {
  readonly program: string;
  readonly args: readonly string[];
  /** The Debian package that has the program, named when it is missing. */
  readonly debianPackage: string;
  /** Said after the program's own output when it fails. */
  readonly advice: string;
  readonly input?: string;
}

/** Runs the program; resolves to its standard output, rejects with ToolError when it is missing or fails. */
export function runTool(run: ToolRun): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(run.program, run.args, { stdio: "pipe" });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    child.stdin.on("error", () => {}); // it may stop reading early; its exit status tells more than EPIPE
    child.stdin.end(run.input ?? "");
    child.on("error", (error: NodeJS.ErrnoException) => {
      const missing = error.code === "ENOENT";
      const why = missing ? `not found; install it: apt install ${run.debianPackage}` : error.message;
      reject(new ToolError(`${run.program}: ${why}`));
    });
    child.on("close", (status, signal) => {
      if (status === 0) return resolve(Buffer.concat(output).toString());
      const said = Buffer.concat([...errors, ...output])
        .toString()
        .trimEnd();
      const ended = signal ? `killed by ${signal}` : `exit status ${status}`;
      reject(new ToolError(`${said}\n${run.program}: expected exit status 0, got ${ended}. ${run.advice}`));
    });
  });
}
