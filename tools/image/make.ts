/** Turns a linked kernel into what toolstacks take: stripped ELF, gzip'ed ELF, xl configuration. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";

import { runTool } from "../../compiler/build/tool.ts";
import { checkImage } from "./check.ts";
import type { Finding } from "./finding.ts";
import { renderXlConfig } from "./xl-config.ts";

/** What to make; what is left out has the default that is stated. */
export interface ImageOptions {
  /** The linked kernel with symbols, "build/xenlet.elf". */
  readonly elf: string;
  /** Where the files go: beside the kernel. */
  readonly outputDir?: string;
  /** The guest's name: the kernel's file name without ".elf". */
  readonly name?: string;
  /** The path of the image in the configuration: the stripped image's absolute path here. */
  readonly kernelPath?: string;
  /** 32. */
  readonly memoryMiB?: number;
  /** Kernel command line: empty. */
  readonly extra?: string;
}

/** The files made, or why none was. */
export type ImageOutcome =
  | {
      readonly ok: true;
      readonly image: string;
      readonly gzip: string;
      readonly config: string;
      readonly bytes: { readonly image: number; readonly gzip: number };
    }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Checks the kernel, then writes NAME, NAME.gz and NAME.cfg. Rejects when a file cannot be read or written. */
export async function makeImage(options: ImageOptions): Promise<ImageOutcome> {
  const findings = checkImage(await readFile(options.elf));
  if (findings.length > 0) return { ok: false, findings };

  const name = options.name ?? path.basename(options.elf, ".elf");
  const outputDir = path.resolve(options.outputDir ?? path.dirname(options.elf));
  const image = path.join(outputDir, name);
  if (image === path.resolve(options.elf))
    throw new RangeError(`${image}: the image would replace the kernel; give another --name`);
  await mkdir(outputDir, { recursive: true });
  // Sections stay: older builders look for __xen_guest by its section name.
  const args = ["--strip-all", options.elf, image];
  await runTool({
    program: "objcopy",
    args,
    debianPackage: "binutils",
    advice: "Is there space left in the output directory?",
  });

  const stripped = await readFile(image);
  const lost = checkImage(stripped);
  if (lost.length > 0) return { ok: false, findings: lost };
  const compressed = gzipSync(stripped, { level: 9 });
  const gzip = `${image}.gz`;
  const config = `${image}.cfg`;
  const { kernelPath = image, memoryMiB = 32, extra = "" } = options;
  await writeFile(gzip, compressed);
  await writeFile(config, renderXlConfig({ name, kernel: kernelPath, memoryMiB, extra }));
  return { ok: true, image, gzip, config, bytes: { image: stripped.length, gzip: compressed.length } };
}
