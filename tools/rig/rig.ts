/**
 * A rig: Xen with a Linux dom0 and the real toolstack, in a QEMU of its own.
 *
 *     await using rig = await Rig.start();
 *     const guest = await rig.create({ name: "g", kernel: await readFile("build/xenlet.elf"), memoryMb: 32 });
 *     await guest.console.waitFor(/ready/, 5000);
 *     await guest.expectEnd("poweroff", 5000);
 *
 * Starting takes about half a second from the saved state of a booted dom0; the first time, minutes. Rigs share that
 * state read-only, so any number can run side by side. See docs/rig.md.
 */
import { ensureHostPackages } from "../setup/host.ts";
import { terminalReporter, type Reporter } from "../setup/progress.ts";
import type { AgentLink } from "./agent-link.ts";
import { bootFiles, type BootFiles } from "./boot-files.ts";
import { onUnexpectedDeath, startDom0Machine, type Dom0Machine, type MachineSize } from "./dom0-machine.ts";
import { runInDom0, type CommandOutcome } from "./dom0-command.ts";
import type { WorkEnd } from "./frame.ts";
import { Guest, type CreateResult, type GuestOptions } from "./guest.ts";
import { discardSnapshot, snapshotOf } from "./snapshot.ts";
import { EnvironmentError, GuestFailure } from "./verdict.ts";

/** Options of {@link Rig.start}. */
export interface RigOptions extends Partial<MachineSize> {
  /** Where the progress of long work is told; standard error by default. */
  readonly report?: Reporter;
  /** Called with Xen's serial console as it comes. */
  readonly onXenLog?: (text: string) => void;
}

/** Sizes that are used when nothing else is asked for. */
export const defaultSize: MachineSize = { memoryMb: 2048, dom0Mb: 512 };

const restoreLimitMs = 60_000;
/** A running rig. */
export class Rig {
  readonly #dom0: Dom0Machine;
  readonly #bootLog: string;
  readonly #ignoreDeath: () => void;
  #stopped: Promise<void> | undefined;

  /** Starts a rig, after making whatever is not in the cache yet. Throws an EnvironmentError when that is impossible. */
  static async start(options: RigOptions = {}): Promise<Rig> {
    const report = options.report ?? terminalReporter();
    const size = { ...defaultSize, ...definedSizes(options) };
    await ensureHostPackages(["rig"], report);
    const files = await bootFiles(report);
    for (let attempt = 1; ; attempt++) {
      try {
        return await Rig.#restore(files, size, report, options.onXenLog);
      } catch (error) {
        if (attempt > 1 || !(error instanceof EnvironmentError)) throw error;
        report.step(`rig: the saved state does not start, making a new one (${firstLine(error)})`);
        discardSnapshot(files, size);
      }
    }
  }

  static async #restore(
    files: BootFiles,
    size: MachineSize,
    report: Reporter,
    onXenLog?: (t: string) => void,
  ): Promise<Rig> {
    const snapshot = await snapshotOf(files, size, report);
    const listener = onXenLog ? { onSerial: onXenLog } : {};
    const options = { incoming: snapshot.stateFile, timeoutMs: restoreLimitMs, listener };
    return new Rig(await startDom0Machine(files.directory, size, options), snapshot.bootLog);
  }

  private constructor(dom0: Dom0Machine, bootLog: string) {
    this.#dom0 = dom0;
    this.#bootLog = bootLog;
    this.#ignoreDeath = onUnexpectedDeath(dom0.machine, (error) => dom0.link.abort(error));
  }

  /** The link to dom0's agent, for work that goes on while other work does: `spawn`, `follow`. */
  get link(): AgentLink {
    return this.#dom0.link;
  }

  /** Runs a command in dom0: a string by the shell, a list as it is. Kills it after `timeoutMs`. */
  async exec(
    command: string | readonly string[],
    options: { timeoutMs?: number } = {},
  ): Promise<CommandOutcome> {
    return runInDom0(this.link, command, options.timeoutMs);
  }

  /** Writes a file in dom0. Its directory must exist. */
  async put(bytes: Uint8Array, path: string, mode = 0o644): Promise<void> {
    const work = this.link.writeFile(path, mode);
    work.write(bytes);
    work.finish();
    requireSuccess(await work.end, `write ${path}`);
  }

  /** Reads a file of dom0. */
  async get(path: string): Promise<Buffer> {
    const parts: Buffer[] = [];
    const work = this.link.readFile(path, { onStdout: (bytes) => parts.push(bytes) });
    requireSuccess(await work.end, `read ${path}`);
    return Buffer.concat(parts);
  }

  /** Everything that Xen and dom0's kernel have printed on the serial line since power-on. Works when dom0 has died, too. */
  xenLog(): string {
    return this.#bootLog + this.#dom0.machine.serial;
  }

  /** Creates a guest. Throws a GuestFailure with xl's own words when it refuses. */
  async create(options: GuestOptions): Promise<Guest> {
    const result = await this.tryCreate(options);
    if (result.created) return result.guest;
    throw new GuestFailure(`xl create refused ${options.name} (status ${result.status})`, result.text);
  }

  /** Creates a guest, or returns xl's refusal. */
  tryCreate(options: GuestOptions): Promise<CreateResult> {
    return Guest.create(this, options);
  }

  /** Ends the rig and all its guests at once. Can be called at any time and more than once. */
  stop(): Promise<void> {
    this.#ignoreDeath();
    this.#stopped ??= this.#dom0.stop();
    return this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

function definedSizes(options: Partial<MachineSize>): Partial<MachineSize> {
  const { memoryMb, dom0Mb, instructionClock, xenstored } = options;
  return {
    ...(memoryMb === undefined ? {} : { memoryMb }),
    ...(dom0Mb === undefined ? {} : { dom0Mb }),
    ...(instructionClock === undefined ? {} : { instructionClock }),
    ...(xenstored === undefined ? {} : { xenstored }),
  };
}

function requireSuccess(end: WorkEnd, what: string): void {
  if (end.kind === "error") throw new Error(`dom0 cannot ${what}: ${end.text}`);
}

function firstLine(error: Error): string {
  return error.message.split("\n")[0] ?? "";
}
