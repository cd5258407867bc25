/**
 * `npm run bench:block`: what reading and writing a disk costs, beside a Linux PV guest with fio in the same machine. The disk
 * is null_blk in dom0: it takes no time of its own, so that what is measured is the way to it. docs/benchmarks.md
 */
import { readFileSync } from "node:fs";
import path from "node:path";

import { Command } from "commander";

import { buildKernel } from "../build-kernel.ts";
import { exitWithVerdict } from "../rig/main.ts";
import type { Guest } from "../rig/guest.ts";
import { Rig } from "../rig/rig.ts";
import { EnvironmentError, type Verdict } from "../rig/verdict.ts";
import { lastLine, parseFigures } from "./core/lines.ts";
import { toRows, toTable, type Cost } from "./io/figures.ts";
import { linuxGuest } from "./io/linux-guest.ts";
import { blockLoads, type BlockLoad } from "./io/loads.ts";

interface Options {
  readonly json?: boolean;
  readonly kernel?: string;
  readonly only: string;
}

const options = new Command("bench:block")
  .description("Measures what reading and writing a disk costs the kernel, beside a Linux PV guest with fio.")
  .option("--json", "print rows of { name, value, unit, peer, ratio }")
  .option("--kernel <elf>", "measure this kernel, as the compiler linked it, instead of building one")
  .option("--only <text>", "only the loads of Linux whose names contain this", "")
  .parse()
  .opts<Options>();

const directory = "/run/bench";
const limitMs = 300_000;
const config = { disk: ["phy:/dev/nullb0,xvda,w"], tsc_mode: "native" };

await exitWithVerdict(measure);

async function measure(): Promise<Verdict> {
  const loads = blockLoads.filter(({ name }) => name.includes(options.only));
  const elf = options.kernel ?? (await buildKernel());
  // fio comes with 80 MB of libraries.
  await using rig = await Rig.start({ instructionClock: true, dom0Mb: 768 });
  await rig.exec(["mkdir", "-p", directory]);
  await rig.put(
    readFileSync(path.join(import.meta.dirname, "io/domain-cpu.py")),
    `${directory}/domain-cpu.py`,
  );
  await must(rig, "modprobe null_blk gb=1 bs=512 submit_queues=1 irqmode=1");
  const rows = toRows(loads, await measureOwn(rig, elf), await measureLinux(rig, loads));
  console.log(options.json ? JSON.stringify(rows, undefined, 2) : toTable(rows));
  return "success";
}

/** The kernel measures itself. */
async function measureOwn(rig: Rig, elf: string): Promise<Map<string, Cost>> {
  process.stderr.write("bench: bench-block\n");
  const kernel = readFileSync(elf);
  const guest = await rig.create({ name: "bench-block", kernel, memoryMb: 32, extra: "bench=block", config });
  try {
    await guest.console.waitFor(lastLine, limitMs);
    const figures = parseFigures(guest.console.text);
    const found = new Map<string, Cost>();
    for (const { name } of blockLoads) {
      const [time, cpu] = ["time", "cpu"].map((figure) => figures.get(`${name}.${figure}`)?.value);
      if (time !== undefined && cpu !== undefined) found.set(name, { time, cpu });
    }
    return found;
  } finally {
    await guest.destroy();
  }
}

async function measureLinux(rig: Rig, loads: readonly BlockLoad[]): Promise<Map<string, Cost>> {
  process.stderr.write("bench: bench-linux\n");
  const image = await linuxGuest({ programs: ["usr/bin/fio"], modules: ["block/xen-blkfront.ko"] });
  const extra = "console=hvc0 mitigations=off loglevel=4";
  const guest = await rig.create({ name: "bench-linux", ...image, memoryMb: 512, extra, config });
  try {
    await guest.console.waitFor(/linux: ready/, limitMs);
    const found = new Map<string, Cost>();
    for (const load of loads) {
      // What fio takes to begin and to end is in both runs, and so not in the figure.
      const short = await runFio(rig, guest, load, Math.round(load.rounds / 5));
      const long = await runFio(rig, guest, load, load.rounds);
      const cpu = (long.cpu - short.cpu) / (load.rounds - Math.round(load.rounds / 5));
      const time = long.time / load.rounds;
      found.set(load.name, { time, cpu });
      process.stderr.write(`bench: fio, ${load.title}: ${Math.round(time)} ns, CPU ${Math.round(cpu)} ns\n`);
    }
    return found;
  } finally {
    await guest.destroy();
  }
}

/** Nanoseconds: as fio says, and as Xen says. */
async function runFio(rig: Rig, guest: Guest, load: BlockLoad, rounds: number): Promise<Cost> {
  const before = await cpuTime(rig, guest);
  guest.console.write(`fio ${fioArguments(load, rounds)} | awk -F';' '{ print "fio:", $9 + $50, "ms" }'\n`);
  const [, milliseconds] = await guest.console.waitFor(/^fio: (\d+) ms/m, limitMs);
  return { time: Number(milliseconds) * 1e6, cpu: (await cpuTime(rig, guest)) - before };
}

/** The same pattern as in kernel/bench/block.ts: half of what is under way is waited for, and then sent together. */
function fioArguments(load: BlockLoad, rounds: number): string {
  const batch = Math.max(load.depth / 2, 1);
  return Object.entries({
    name: "bench",
    filename: "/dev/xvda",
    rw: (load.random ? "rand" : "") + load.operation,
    bs: load.bytes,
    iodepth: load.depth,
    iodepth_batch_submit: batch,
    iodepth_batch_complete_min: batch,
    iodepth_batch_complete_max: batch,
    number_ios: rounds,
    size: "1g",
    io_size: rounds * load.bytes,
    ioengine: "libaio",
    direct: 1,
    thread: 1,
    gtod_reduce: 1,
    norandommap: 1,
    minimal: "",
  })
    .map(([key, value]) => (value === "" ? `--${key}` : `--${key}=${value}`))
    .join(" ");
}

async function cpuTime(rig: Rig, guest: Guest): Promise<number> {
  const script = `import sys; sys.argv[1:] = ["${guest.domainId}"]; exec(open("${directory}/domain-cpu.py").read())`;
  return Number(await must(rig, ["python3", "-ISc", script]));
}

/** Runs a command in dom0 that cannot fail in a rig that works. */
async function must(rig: Rig, command: string | readonly string[]): Promise<string> {
  const outcome = await rig.exec(command);
  if (outcome.status === 0) return outcome.stdout;
  throw new EnvironmentError(
    `dom0 cannot ${String(command)}: ${outcome.stderr.trim()}`,
    "run `npm run rig -- rebuild`",
  );
}
