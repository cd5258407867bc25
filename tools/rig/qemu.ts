/** One QEMU process, its serial line and its end. */
import { spawn, spawnSync, type ChildProcessByStdio } from "node:child_process";
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { atExit } from "./at-exit.ts";
import { EnvironmentError, quoteTail } from "./verdict.ts";

const program = "qemu-system-x86_64";

/** What every machine of the rig has in common: emulation always, since nested hardware virtualisation may not exist. */
const commonArguments = [
  "-accel",
  "tcg",
  "-cpu",
  "qemu64",
  "-smp",
  "1",
  "-nodefaults",
  "-display",
  "none",
  "-no-reboot",
];

/** Listeners of a machine. */
export interface MachineListener {
  /** Text from the first serial line, which is Xen's console, as it comes. */
  onSerial?(text: string): void;
}

/** How a QEMU process ended by itself or was ended. */
export interface MachineExit {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running QEMU. */
export class Machine {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  #serial = "";
  #errors = "";
  /** Settles when the process has ended, however. */
  readonly exit: Promise<MachineExit>;

  /**
   * Starts QEMU in `directory` with `args` besides those that all machines share. File names in `args` are best relative
   * to it: QEMU's options give a meaning to commas and spaces.
   */
  constructor(directory: string, args: readonly string[], listener: MachineListener = {}) {
    // If this process dies without cleaning up, the kernel ends QEMU too.
    const line = [
      "--pdeathsig",
      "KILL",
      program,
      ...commonArguments,
      "-chardev",
      "stdio,id=serial,signal=off",
    ];
    this.#process = spawn("setpriv", [...line, "-serial", "chardev:serial", ...args], {
      cwd: directory,
      stdio: "pipe",
    });
    this.#process.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#serial += text;
      listener.onSerial?.(text);
    });
    this.#process.stderr.setEncoding("utf8").on("data", (text: string) => (this.#errors += text));
    this.#process.stdin.on("error", () => {});
    this.exit = new Promise((resolve) => {
      this.#process.on("error", (error) => {
        this.#errors += error.message;
        if (this.#process.pid === undefined) resolve({ status: null, signal: null });
      });
      this.#process.on("close", (status, signal) => resolve({ status, signal }));
    });
    const cancel = atExit(() => this.#process.kill("SIGKILL"));
    void this.exit.then(cancel);
  }

  /** Everything that came from the serial line. */
  get serial(): string {
    return this.#serial;
  }

  /** QEMU's own complaints. */
  get errors(): string {
    return this.#errors;
  }

  /** Sends input to the serial line. */
  writeSerial(bytes: string | Uint8Array): void {
    if (this.#process.stdin.writable) this.#process.stdin.write(bytes);
  }

  /** Ends the process at once and waits for that. Can be called at any time. */
  async kill(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#process.kill("SIGKILL");
    await this.exit;
  }

  /** The error that says that QEMU ended although nobody asked it to. */
  unexpectedExit(exit: MachineExit): EnvironmentError {
    const how = exit.signal ?? `status ${exit.status}`;
    const said = this.#errors.trim() === "" ? this.#serial : this.#errors;
    return new EnvironmentError(
      `QEMU ended unexpectedly (${how})\n${quoteTail(said)}`,
      "run `npm run rig -- rebuild`",
    );
  }
}

/** Identifies the installed QEMU: states saved by one version are not for another. Needs no process. */
export function qemuIdentity(): string {
  const directory = (process.env["PATH"] ?? "")
    .split(delimiter)
    .find((place) => isProgram(join(place, program)));
  if (directory === undefined) {
    throw new EnvironmentError(`${program} is not installed`, "apt-get install qemu-system-x86");
  }
  const path = realpathSync(join(directory, program));
  const { size, mtimeMs } = statSync(path);
  return `${path} ${size} ${mtimeMs}`;
}

/** QEMU's version for people, in one line. */
export function qemuVersion(): string {
  const result = spawnSync(program, ["--version"], { encoding: "utf8" });
  return result.stdout?.split("\n")[0] ?? "QEMU is not installed";
}

/** A directory of PATH may be closed to this user. */
function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
