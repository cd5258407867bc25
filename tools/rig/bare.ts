/**
 * Way A: Xen boots a kernel directly as its first domain, without Linux and without a toolstack. A whole cycle takes about
 * a second, so this is for smoke tests, fuzzing and the inner loop of development. The kernel finds SIF_INITDOMAIN in its
 * start_info, and has Xen's console hypercall but no console ring and no xenstore.
 */
import { statSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureHostPackages } from "../setup/host.ts";
import { terminalReporter, type Reporter } from "../setup/progress.ts";
import { temporaryDirectory } from "./at-exit.ts";
import { readBareEnd, type BareEnd } from "./bare-end.ts";
import { bootFiles } from "./boot-files.ts";
import { Machine } from "./qemu.ts";
import { EnvironmentError } from "./verdict.ts";

/** What to boot and for how long. */
export interface BareOptions {
  /** The kernel's bytes, or the path of its file on this machine. */
  readonly kernel: Uint8Array | string;
  readonly commandLine?: string;
  /** The domain's memory; the machine has as much more as Xen needs. */
  readonly memoryMb?: number;
  /** The guest is ended with reason `timeout` when it still runs after this time. No limit when absent. */
  readonly timeoutMs?: number;
  /** Further options for Xen's own command line. */
  readonly xenOptions?: string;
  /** Called with the text of the serial line as it comes: Xen's lines begin with "(XEN)", all else is the kernel's. */
  readonly onOutput?: (text: string) => void;
  readonly report?: Reporter;
}

/** How it ended, and everything from the serial line. */
export interface BareResult {
  readonly reason: BareEnd;
  readonly serial: string;
}

/** A kernel that runs as Xen's first domain. */
export interface BareGuest {
  /** Settles when it has ended; rejects with an EnvironmentError when QEMU broke. */
  readonly end: Promise<BareResult>;
  /** Types on the serial line. Xen hands it to the domain (CONSOLEIO_read). */
  write(text: string | Uint8Array): void;
  /** Ends it at once; `end` then settles with reason `timeout`. */
  kill(): Promise<void>;
}

/** Xen's heap, frame table and the rest of it, on top of the domain's memory. */
const xenMemoryMb = 192;

/** Boots `kernel` and waits for its end. */
export async function bootBare(options: BareOptions): Promise<BareResult> {
  const guest = await startBare(options);
  return guest.end;
}

/** Boots `kernel` and returns at once. */
export async function startBare(options: BareOptions): Promise<BareGuest> {
  const report = options.report ?? terminalReporter();
  await ensureHostPackages(["rig"], report);
  const files = await bootFiles(report);
  const directory = temporaryDirectory("bare-");
  // QEMU gives commas and spaces in a module's description a meaning of their own: hence a plain relative name.
  const kernel = join(directory.path, "kernel");
  if (typeof options.kernel === "string") symlinkSync(requireFile(options.kernel), kernel);
  else writeFileSync(kernel, options.kernel);
  symlinkSync(join(files.directory, "xen.elf"), join(directory.path, "xen.elf"));
  const machine = new Machine(
    directory.path,
    machineArguments(options),
    options.onOutput ? { onSerial: options.onOutput } : {},
  );
  const end = watch(machine, options.timeoutMs ?? Number.POSITIVE_INFINITY).finally(async () => {
    await machine.kill();
    directory.remove();
  });
  end.catch(() => {});
  return { end, write: (text) => machine.writeSerial(text), kill: () => machine.kill() };
}

/** The file's absolute path; it must be there. */
function requireFile(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return resolve(path);
  throw new EnvironmentError(
    `expected a kernel at ${path}, but there is no such file`,
    "build it, or correct the path",
  );
}

function machineArguments(options: BareOptions): string[] {
  const memory = options.memoryMb ?? 64;
  // `noreboot`: a crash is reported by Xen in words; there is no need to wait five seconds for its reboot.
  const xen = `dom0_mem=${memory}M,max:${memory}M dom0_max_vcpus=1 com1=115200,8n1 console=com1 noreboot bootscrub=off`;
  const module = `kernel ${(options.commandLine ?? "").replaceAll(",", ",,")}`.trim();
  return [
    ...["-m", String(memory + xenMemoryMb), "-kernel", "xen.elf", "-initrd", module],
    ...["-append", `${xen} guest_loglvl=all ${options.xenOptions ?? ""}`.trim()],
  ];
}

async function watch(machine: Machine, timeoutMs: number): Promise<BareResult> {
  const deadline = performance.now() + timeoutMs;
  let exited = false;
  void machine.exit.then(() => (exited = true));
  for (;;) {
    const gone = exited;
    const reason = readBareEnd(machine.serial);
    if (reason !== undefined) {
      // What Xen prints of registers and stacks comes before its verdict; only the rest of the line is still to come.
      if (!gone) await sleep(50);
      return { reason, serial: machine.serial };
    }
    if (gone) {
      const exit = await machine.exit;
      if (exit.signal === "SIGKILL") return { reason: "timeout", serial: machine.serial };
      throw machine.unexpectedExit(exit);
    }
    if (performance.now() > deadline) return { reason: "timeout", serial: machine.serial };
    await sleep(20);
  }
}
