/**
 * `npm run bench:block`: what reading and writing a disk costs, beside a Linux PV guest in the same machine. The disk is
 * null_blk in dom0: it takes no time of its own, so that what is measured is the way to it. docs/benchmarks.md
 */
import { readFileSync } from "node:fs";
import path from "node:path";

import { Command } from "commander";

import { buildKernel } from "../build-kernel.ts";
import { exitWithVerdict } from "../rig/main.ts";
import type { Guest } from "../rig/guest.ts";
import { Rig } from "../rig/rig.ts";
import { staticProgram } from "../rig/static-program.ts";
import { EnvironmentError, GuestFailure, type Verdict } from "../rig/verdict.ts";
import { lastLine, parseFigures } from "./core/lines.ts";
import { toRows, toTable, type Cost } from "./io/figures.ts";
import { countBetweenMarks } from "./io/hypercalls.ts";
import { linuxGuest } from "./io/linux-guest.ts";
import { blockLoads } from "./io/loads.ts";
import { installTrace, traced } from "./io/trace.ts";

interface Options {
  readonly json?: boolean;
  readonly kernel?: string;
  readonly only: string;
}

const options = new Command("bench:block")
  .description("Measures what reading and writing a disk costs the kernel, beside a Linux PV guest.")
  .option("--json", "print rows of { name, value, unit, peer, ratio }")
  .option("--kernel <elf>", "measure this kernel, as the compiler linked it, instead of building one")
  .option("--only <text>", "only the loads of Linux whose names contain this", "")
  .parse()
  .opts<Options>();

const limitMs = 300_000;
const config = { disk: ["phy:/dev/nullb0,xvda,w"], tsc_mode: "native" };
/** While its hypercalls are counted, Linux does this part of each load: they are many. */
const recordedPart = 1 / 5;
/** Hypercalls between the halves of a mark: a Linux program goes back and forth, and is interrupted. */
const linuxBetween = 64;

/** All loads once; where they ran, and what the guest said meanwhile. */
type Run = () => Promise<{ domainId: number; said: string }>;

await exitWithVerdict(measure);

async function measure(): Promise<Verdict> {
  const elf = options.kernel ?? (await buildKernel());
  await using rig = await Rig.start({ instructionClock: true });
  await rig.exec("mkdir -p /run/bench");
  await installTrace(rig);
  const { status, stderr } = await rig.exec("modprobe null_blk gb=1 bs=512 submit_queues=1 irqmode=1");
  if (status !== 0)
    throw new EnvironmentError(`dom0 has no null_blk: ${stderr.trim()}`, "run `npm run rig -- rebuild`");
  const rows = toRows(blockLoads, await measureOwn(rig, elf), await measureLinux(rig));
  console.log(options.json ? JSON.stringify(rows, undefined, 2) : toTable(rows));
  return "success";
}

/** The kernel measures all that there is, and ends. */
async function measureOwn(rig: Rig, elf: string): Promise<Map<string, Cost>> {
  process.stderr.write("bench: bench-block\n");
  const guest = {
    name: "bench-block",
    kernel: readFileSync(elf),
    memoryMb: 32,
    extra: "bench=block",
    config,
  };
  const run: Run = async () => {
    await using running = await rig.create(guest);
    await running.console.waitFor(lastLine, limitMs);
    return { domainId: running.domainId, said: running.console.text };
  };
  return costs(rig, run, run, 1, 0);
}

async function measureLinux(rig: Rig): Promise<Map<string, Cost>> {
  process.stderr.write("bench: bench-linux\n");
  const program = staticProgram(path.join(import.meta.dirname, "io/disk-load.c"));
  const modules = ["block/xen-blkfront.ko", "xen/xen-privcmd.ko unrestricted=1"];
  const image = await linuxGuest({ programs: [], own: { "disk-load": program }, modules });
  const extra = "console=hvc0 mitigations=off loglevel=4";
  await using guest = await rig.create({ name: "bench-linux", ...image, memoryMb: 256, extra, config });
  await guest.console.waitFor(/linux: ready/, limitMs);
  return await costs(rig, linuxRun(guest, 1), linuxRun(guest, recordedPart), recordedPart, linuxBetween);
}

function linuxRun(guest: Guest, part: number): Run {
  const loads = blockLoads.filter(({ name }) => name.includes(options.only));
  const words = loads.map(({ name, rounds }) => `${name}=${rounds * part}`);
  return async () => {
    const from = guest.console.text.length;
    guest.console.write(`disk-load ${words.join(" ")}\n`);
    await guest.console.waitFor(lastLine, limitMs);
    return { domainId: guest.domainId, said: guest.console.text.slice(from) };
  };
}

/** What each load costs in one run; and in another one, since recording takes time, how many hypercalls. */
async function costs(
  rig: Rig,
  run: Run,
  recorded: Run,
  part: number,
  mostBetween: number,
): Promise<Map<string, Cost>> {
  const { said } = await run();
  process.stderr.write(said);
  let counted: Awaited<ReturnType<Run>> | undefined;
  const trace = await traced(rig, async () => {
    counted = await recorded();
  });
  const counts = countBetweenMarks(trace, counted!.domainId, mostBetween);
  const figures = parseFigures(said);
  const names = [...figures.keys()].flatMap((name) => (name.endsWith(".time") ? [name.slice(0, -5)] : []));
  if (counts.length !== names.length)
    throw new GuestFailure(`${names.length} loads, and marks of ${counts.length} in Xen's record`, said);
  return new Map(
    names.map((name, index) => {
      const rounds = blockLoads.find((load) => load.name === name)!.rounds * part;
      const { all, eventCalls } = counts[index]!;
      const [time, cpu] = [`${name}.time`, `${name}.cpu`].map((figure) => figures.get(figure)!.value);
      return [name, { time: time!, cpu: cpu!, hypercalls: all / rounds, eventCalls: eventCalls / rounds }];
    }),
  );
}
