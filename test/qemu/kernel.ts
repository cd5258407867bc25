/** The kernels that the boot tests boot: built once each, whoever of the test processes comes first. */
import { readFileSync } from "node:fs";
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

/** The kernel with all self-tests. */
export function kernelImages(): Promise<KernelImages> {
  return imagesOf("kernel/selftest/main.ts", "xenlet-selftest");
}

/** The kernel that ships. */
export function shippedImages(): Promise<KernelImages> {
  return imagesOf("kernel/main.ts", "xenlet");
}

/** Builds a kernel and its images. */
async function imagesOf(entry: string, name: string): Promise<KernelImages> {
  const directory = join(projectRoot, `build/test-${name}`);
  return withLock(
    join(projectRoot, `build/test-${name}.lock`),
    () => {},
    async () => {
      const elf = join(projectRoot, `build/${name}.elf`);
      await buildKernel({ entry, elf, report: silent });
      const made = await makeImage({ elf, outputDir: directory });
      if (!made.ok)
        throw new Error(`mkimage refuses the kernel: ${made.findings.map(({ code }) => code).join(", ")}`);
      return { elf, image: readFileSync(made.image), gzip: readFileSync(made.gzip) };
    },
  );
}

const defectFiles = ["kernel/monitor/defects.ts", "kernel/selftest/defects.ts"];

/** Where a defect on purpose has the comment `mark: NAME`, as a backtrace shows it: "kernel/monitor/defects.ts:12". */
export function marked(name: string): string {
  for (const file of defectFiles) {
    const lines = readFileSync(join(projectRoot, file), "utf8").split("\n");
    const index = lines.findIndex((line) => line.endsWith(`// mark: ${name}`));
    if (index >= 0) return `${file}:${index + 1}`;
  }
  throw new Error(`no line of ${defectFiles.join(" or ")} ends with "// mark: ${name}"`);
}

/** A regular expression that matches `text` and nothing else. */
export function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
