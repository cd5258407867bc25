/**
 * `npm run bench:core`: what the kernel's own operations cost under real Xen, created by the real xl, on a machine whose
 * clock counts instructions, so that the figures are the same every time. docs/benchmarks.md says what each one means.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { Command, InvalidArgumentError } from "commander";

import { buildKernel } from "../build-kernel.ts";
import { readElf } from "../image/elf.ts";
import { formatFinding } from "../image/finding.ts";
import { makeImage } from "../image/make.ts";
import { exitWithVerdict } from "../rig/main.ts";
import { Rig } from "../rig/rig.ts";
import type { Verdict } from "../rig/verdict.ts";
import { bootSeenFromDom0 } from "./core/boot-seen.ts";
import { runGuest, runPeer } from "./core/guest-run.ts";
import type { Measured } from "./core/lines.ts";
import { toRows, toTable } from "./core/report.ts";

interface Options {
  readonly json?: boolean;
  readonly kernel?: string;
  readonly peer?: string;
  readonly memory: readonly number[];
}

const coreMemoryMb = 32;

const options = new Command("bench:core")
  .description(
    "Measures the kernel's operations, its boot and its size under Xen, beside Xen's own share and Mini-OS.",
  )
  .option("--json", "print rows of { name, value, unit, peer, ratio }")
  .option("--kernel <elf>", "measure this kernel, as the compiler linked it, instead of building one")
  .option("--peer <image>", "boot this image beside it: Mini-OS, or whatever xl can create")
  .option("--memory <MB,…>", "sizes of memory to boot with", sizes, [4, 32, 128, 1024])
  .parse()
  .opts<Options>();

await exitWithVerdict(measure);

async function measure(): Promise<Verdict> {
  const elf = options.kernel ?? (await buildKernel());
  const scratch = mkdtempSync(path.join(tmpdir(), "xenlet-bench-"));
  try {
    const made = await makeImage({ elf, outputDir: scratch, name: "xenlet" });
    if (!made.ok) {
      for (const finding of made.findings) console.error(`${elf}: ${formatFinding(finding)}`);
      return "failure";
    }
    const image = readFileSync(made.image);
    await using rig = await Rig.start({ instructionClock: true });

    step(`bench: operations, ${coreMemoryMb} MB`);
    const core = await runGuest(rig, {
      name: "bench-core",
      image,
      memoryMb: coreMemoryMb,
      commandLine: "bench=core",
    });
    const counting = options.kernel === undefined ? await countingImage(scratch) : undefined;
    const boots = new Map<number, Map<string, Measured>>();
    for (const memoryMb of options.memory) {
      step(`bench: boot, ${memoryMb} MB`);
      const run = { name: `bench-boot-${memoryMb}`, image, memoryMb, commandLine: "bench=boot" };
      const found = await runGuest(rig, run);
      const seen = await bootSeenFromDom0(rig, { ...run, name: `bench-seen-${memoryMb}`, commandLine: "" });
      if (counting !== undefined) {
        const counted = { ...run, name: `bench-calls-${memoryMb}`, image: counting };
        for (const [name, calls] of await runGuest(rig, { ...counted, commandLine: "test=boot-calls" })) {
          found.set(name, calls);
        }
      }
      boots.set(memoryMb, found.set("boot.seen", { value: seen, unit: "ns" }));
    }
    const peer = options.peer === undefined ? undefined : await measurePeer(rig, options.peer);
    const rows = toRows({
      core,
      boots,
      image: {
        stripped: made.bytes.image,
        gzip: made.bytes.gzip,
        lineTable: sectionBytes(image, ".line_table"),
      },
      ...(peer === undefined ? {} : { peer }),
    });
    console.log(options.json ? JSON.stringify(rows, undefined, 2) : toTable(rows));
    return "success";
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The image that tests itself: it boots like the other one, and counts its hypercalls. */
async function countingImage(scratch: string): Promise<Uint8Array> {
  const elf = await buildKernel({
    entry: "kernel/selftest/main.ts",
    elf: path.join(scratch, "selftest.elf"),
  });
  const made = await makeImage({ elf, outputDir: scratch, name: "selftest" });
  if (!made.ok) throw new Error(`${elf}: ${made.findings.map(formatFinding).join("; ")}`);
  return readFileSync(made.image);
}

/** The peer's figures by row name: those that it prints in our format, and its boot as dom0 sees it. */
async function measurePeer(rig: Rig, file: string): Promise<Map<string, number>> {
  const image = readFileSync(file);
  const found = new Map<string, number>();
  step(`bench: ${file}`);
  const run = { name: "bench-peer", image, memoryMb: coreMemoryMb, commandLine: "bench=core" };
  for (const [name, { value }] of await runPeer(rig, run)) found.set(name, value);
  for (const memoryMb of options.memory) {
    step(`bench: ${file}, boot, ${memoryMb} MB`);
    const seen = await bootSeenFromDom0(rig, {
      ...run,
      name: `bench-peer-${memoryMb}`,
      memoryMb,
      commandLine: "",
    });
    found.set(`boot.seen@${memoryMb}`, seen);
  }
  return found;
}

function sectionBytes(image: Uint8Array, name: string): number {
  const section = readElf(image).elf?.sections.find((candidate) => candidate.name === name);
  return Number(section?.size ?? 0);
}

function step(text: string): void {
  process.stderr.write(`${text}\n`);
}

function sizes(text: string): number[] {
  const numbers = text.split(",").map(Number);
  if (!numbers.every((number) => Number.isInteger(number) && number >= 4)) {
    throw new InvalidArgumentError("expected megabytes, 4 or more, separated by commas.");
  }
  return numbers;
}
