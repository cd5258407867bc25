/** The kernel that the boot tests boot: built once, whoever of the test processes comes first. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { buildKernel } from "../../tools/build-kernel.ts";
import { makeImage } from "../../tools/image/make.ts";
import { withLock } from "../../tools/rig/lock.ts";
import { projectRoot } from "../../tools/rig/paths.ts";
import { silent } from "../../tools/setup/progress.ts";

/** The kernel in the forms that toolstacks take. */
export interface KernelImages {
  /** Path of the linked kernel, with symbols. */
  readonly elf: string;
  /** The stripped image. */
  readonly image: Buffer;
  /** The same, compressed. */
  readonly gzip: Buffer;
}

/** What a kernel is made from. */
const sources = ["kernel", "boot", "compiler", "linker.ld", "package.json"];

/** Builds the kernel and its images, unless what is there is newer than every source. */
export async function kernelImages(): Promise<KernelImages> {
  const directory = join(projectRoot, "build/test-kernel");
  return withLock(
    join(projectRoot, "build/test-kernel.lock"),
    () => {},
    async () => {
      const elf = join(projectRoot, "build/xenlet.elf");
      const newest = Math.max(...sources.map((source) => newestChange(join(projectRoot, source))));
      if (!existsSync(elf) || statSync(elf).mtimeMs < newest) await buildKernel(silent);
      const made = await makeImage({ elf, outputDir: directory });
      if (!made.ok)
        throw new Error(`mkimage refuses the kernel: ${made.findings.map(({ code }) => code).join(", ")}`);
      return { elf, image: readFileSync(made.image), gzip: readFileSync(made.gzip) };
    },
  );
}

/** When the youngest file at or below `path` was changed, in milliseconds. */
function newestChange(path: string): number {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

/** Where kernel/self-test.ts has the comment `mark: NAME`, as a backtrace shows it: "kernel/self-test.ts:12". */
export function marked(name: string): string {
  const file = "kernel/self-test.ts";
  const lines = readFileSync(join(projectRoot, file), "utf8").split("\n");
  const index = lines.findIndex((line) => line.endsWith(`// mark: ${name}`));
  if (index < 0) throw new Error(`${file} has no line that ends with "// mark: ${name}"`);
  return `${file}:${index + 1}`;
}

/** A regular expression that matches `text` and nothing else. */
export function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
