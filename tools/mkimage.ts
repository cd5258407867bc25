/** `npm run mkimage -- build/xenlet.elf`: checks a linked kernel and makes the files that toolstacks take. */
import path from "node:path";

import { Command, InvalidArgumentError } from "commander";

import { formatFinding } from "./image/finding.ts";
import { makeImage } from "./image/make.ts";

/** Exit status: 0 made, 1 image refused, 2 could not run. */
const REFUSED = 1;
const COULD_NOT_RUN = 2;

interface CommandLine {
  readonly output?: string;
  readonly name?: string;
  readonly kernelPath?: string;
  readonly memory: number;
  readonly extra: string;
}

const command = new Command("mkimage")
  .description("Checks a linked kernel and writes its stripped ELF, gzip'ed ELF and xl configuration.")
  .argument("<elf>", "the linked kernel, build/xenlet.elf")
  .option("-o, --output <directory>", "where the files go (default: beside the kernel)")
  .option("-n, --name <name>", "name of the guest and of the files (default: the kernel's, without .elf)")
  .option(
    "--kernel-path <path>",
    "path of the image in dom0, for the configuration (default: where it is written)",
  )
  .option("-m, --memory <MiB>", "memory= of the configuration", parseMemory, 32)
  .option("--extra <text>", "kernel command line of the configuration", "")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : COULD_NOT_RUN))
  .action(run);

function parseMemory(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError("expected a number of MiB, 1 or more.");
  return Number(text);
}

async function run(elf: string, options: CommandLine): Promise<void> {
  const { output, name, kernelPath, memory: memoryMiB, extra } = options;
  const outcome = await makeImage({
    elf,
    memoryMiB,
    extra,
    ...(output === undefined ? {} : { outputDir: output }),
    ...(name === undefined ? {} : { name }),
    ...(kernelPath === undefined ? {} : { kernelPath }),
  });
  if (!outcome.ok) {
    for (const finding of outcome.findings) console.error(`${elf}: ${formatFinding(finding)}`);
    console.error(
      `mkimage: ${elf} would be refused: ${outcome.findings.length} finding(s); nothing to boot was made.`,
    );
    process.exitCode = REFUSED;
    return;
  }
  const here = (file: string): string => path.relative(process.cwd(), file);
  console.log(`${here(outcome.image)}  ${outcome.bytes.image} bytes`);
  console.log(`${here(outcome.gzip)}  ${outcome.bytes.gzip} bytes`);
  console.log(here(outcome.config));
}

try {
  await command.parseAsync();
} catch (error) {
  console.error(`mkimage: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = COULD_NOT_RUN;
}
