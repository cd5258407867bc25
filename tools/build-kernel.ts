/** Builds the kernel, in the one place that knows how the compiler is called. */
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { atExit } from "./rig/at-exit.ts";
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

/** Compiles a kernel for Xen and returns the path of the linked ELF file. Throws a KernelBuildError. */
export async function buildKernel(build: KernelBuild = {}): Promise<string> {
  await ensureHostPackages(["compiler"], build.report ?? terminalReporter());
  const output = build.elf ?? join(projectRoot, "build/xenlet.elf");
  mkdirSync(join(projectRoot, "build"), { recursive: true });
  const args = [
    "--import=tsx",
    "compiler/cli.ts",
    "build",
    "--target",
    "x86-xen",
    build.entry ?? "kernel/main.ts",
    "-o",
    output,
  ];
  // The compiler talks to people on stderr; stdout stays free for what our caller prints.
  const compiler = spawn(process.execPath, args, { cwd: projectRoot, stdio: ["ignore", 2, 2] });
  const cancel = atExit(() => compiler.kill());
  const status = await new Promise<number | null>((resolve, reject) => {
    compiler.on("error", reject);
    compiler.on("exit", resolve);
  });
  cancel();
  if (status !== 0) throw new KernelBuildError(status);
  return output;
}
