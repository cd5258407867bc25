/** Builds the kernel, in the one place that knows how the compiler is called. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fingerprint, isCurrent, stamp } from "./kernel-stamp.ts";
import { atExit } from "./rig/at-exit.ts";
import { withLock } from "./rig/lock.ts";
import { projectRoot } from "./rig/paths.ts";
import { ensureHostPackages } from "./setup/host.ts";
import { terminalReporter, type Reporter } from "./setup/progress.ts";

/** The compiler refused the kernel. Its diagnostics have been printed already. */
export class KernelBuildError extends Error {
  override readonly name = "KernelBuildError";
  readonly verdict = "failure" as const;

  constructor(status: number | null) {
    super(`the kernel was not built (the compiler's exit status is ${status}); its diagnostics are above`);
  }
}

export interface KernelBuild {
  /** The file with the entry function; the kernel that ships by default. */
  readonly entry?: string;
  /** Where the linked kernel goes; build/xenlet.elf by default. */
  readonly elf?: string;
  readonly report?: Reporter;
}

/**
 * The path of the linked ELF file of a kernel for Xen, which is compiled unless that was done before from the same sources.
 * Throws a KernelBuildError.
 */
export async function buildKernel(build: KernelBuild = {}): Promise<string> {
  const report = build.report ?? terminalReporter();
  await ensureHostPackages(["compiler"], report);
  const elf = build.elf ?? join(projectRoot, "build/xenlet.elf");
  const args = ["build", "--target", "x86-xen", build.entry ?? "kernel/main.ts", "-o", elf];
  const onWait = (): void => report.step("waiting for another process, which builds the kernel");
  await withLock(`${elf}.lock`, onWait, async () => {
    const inputs = fingerprint(args);
    if (isCurrent(elf, inputs)) return;
    await runCompiler(args);
    stamp(elf, inputs);
  });
  return elf;
}

async function runCompiler(args: readonly string[]): Promise<void> {
  // The compiler talks to people on stderr; stdout stays free for what our caller prints.
  const compiler = spawn(process.execPath, ["--import=tsx", "compiler/cli.ts", ...args], {
    cwd: projectRoot,
    stdio: ["ignore", 2, 2],
  });
  const cancel = atExit(() => compiler.kill());
  const status = await new Promise<number | null>((resolve, reject) => {
    compiler.on("error", reject);
    compiler.on("exit", resolve);
  });
  cancel();
  if (status !== 0) throw new KernelBuildError(status);
}
