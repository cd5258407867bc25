/**
 * `npm run bench:net`: what frames cost, beside a Linux PV guest in the same machine. dom0 loads both guests alike, and Xen
 * counts what they take for it. docs/benchmarks.md says what each figure means.
 */
import { readFileSync } from "node:fs";
import path from "node:path";

import { Command } from "commander";

import { buildKernel } from "../build-kernel.ts";
import { exitWithVerdict } from "../rig/main.ts";
import type { Guest, GuestOptions } from "../rig/guest.ts";
import { Rig } from "../rig/rig.ts";
import { GuestFailure, type Verdict } from "../rig/verdict.ts";
import { parseFigures } from "./core/lines.ts";
import { toRows, toTable, type Cost } from "./io/figures.ts";
import { countHypercalls, type HypercallCount } from "./io/hypercalls.ts";
import { linuxGuest } from "./io/linux-guest.ts";
import { netLoads, type NetLoad } from "./io/loads.ts";
import { installTrace, traced } from "./io/trace.ts";

interface Options {
  readonly json?: boolean;
  readonly kernel?: string;
  readonly only: string;
}

const options = new Command("bench:net")
  .description("Measures what frames cost the kernel, beside a Linux PV guest in the same machine.")
  .option("--json", "print rows of { name, value, unit, peer, ratio }")
  .option("--kernel <elf>", "measure this kernel, as the compiler linked it, instead of building one")
  .option("--only <text>", "only the loads whose names contain this", "")
  .parse()
  .opts<Options>();

const address = "169.254.7.2";
const bridge = "169.254.1.0";
const directory = "/run/bench";
const bootLimitMs = 120_000;
const loadLimitMs = 300_000;
/** Rounds of a load while its hypercalls are counted: what beginning and ending take is in both, and the difference counts. */
const [fewRounds, manyRounds] = [120, 600];
/** Operations that net-load.py makes for each of these. */
const operationsARound = 6 / 5;

/** A guest that serves, and its ports for echo, discard and source; 0 where it speaks first. */
interface Served {
  readonly guest: Guest;
  readonly ports: readonly number[];
  /** Has a guest that speaks first do so. */
  readonly begin?: () => void;
}

await exitWithVerdict(measure);

async function measure(): Promise<Verdict> {
  const loads = netLoads.filter(({ name }) => name.includes(options.only));
  const elf = options.kernel ?? (await buildKernel());
  await using rig = await Rig.start({ instructionClock: true });
  await rig.exec(["mkdir", "-p", directory]);
  for (const name of ["domain-cpu.py", "net-load.py"]) {
    await rig.put(readFileSync(path.join(import.meta.dirname, "io", name)), `${directory}/${name}`);
  }
  await installTrace(rig);
  const own = await costs(rig, loads, await startOwn(rig, elf));
  const linux = await costs(rig, loads, await startLinux(rig));
  const rows = toRows(loads, own, linux);
  console.log(options.json ? JSON.stringify(rows, undefined, 2) : toTable(rows));
  return "success";
}

async function startOwn(rig: Rig, elf: string): Promise<Served> {
  const extra = `bench=net ip=${address}/16`;
  const guest = await start(rig, { name: "bench-net", kernel: readFileSync(elf), memoryMb: 32, extra });
  await guest.console.waitFor(/eth0 has/, bootLimitMs);
  return { guest, ports: [7, 9, 19] };
}

/**
 * Its echo, discard and source are dd on a UDP socket, so that a datagram takes two system calls, and no more. bash can open
 * such a socket, but only towards somebody: so the guest speaks first.
 */
async function startLinux(rig: Rig): Promise<Served> {
  const image = await linuxGuest({ programs: ["bin/bash"], modules: ["net/xen-netfront.ko"] });
  const extra = "console=hvc0 mitigations=off loglevel=4";
  const guest = await start(rig, { name: "bench-linux", ...image, memoryMb: 256, extra });
  await guest.console.waitFor(/linux: ready/, bootLimitMs);
  guest.console.write(
    `ip addr add ${address}/16 dev eth0; ip link set eth0 up; sleep 1; echo configured=$?\n`,
  );
  await guest.console.waitFor(/configured=0/, bootLimitMs);
  const services = [
    "dd bs=2048 <&3 >&3",
    "dd bs=2048 <&3 of=/dev/null",
    "while set -- $(dd bs=64 count=1 <&3); [ $# = 2 ]; do dd if=/dev/zero bs=$2 count=$1 >&3; done",
  ];
  const begin = (): void => {
    for (const [index, service] of services.entries()) {
      const socket = `exec 3<>/dev/udp/${bridge}/${7001 + index}; echo >&3; ${service}`;
      guest.console.write(`while :; do bash -c '${socket}'; sleep 1; done 2>/dev/null &\n`);
    }
  };
  return { guest, ports: [0, 0, 0], begin };
}

function start(rig: Rig, guest: GuestOptions): Promise<Guest> {
  process.stderr.write(`bench: ${guest.name}\n`);
  const vif = ["mac=00:16:3e:00:00:02,bridge=xenbr0"];
  return rig.create({ ...guest, config: { vif, tsc_mode: "native" } });
}

/** What each load costs this guest, which is destroyed afterwards. */
async function costs(rig: Rig, loads: readonly NetLoad[], served: Served): Promise<Map<string, Cost>> {
  try {
    const all = loads.map(({ name, rounds }) => `${name}=${rounds}`);
    const running = run(rig, served.guest, served.ports, all);
    served.begin?.();
    const said = await running;
    process.stderr.write(said);
    const figures = parseFigures(said);
    const ports = served.ports.map((port, index) => figures.get(`port.${index}`)?.value ?? port);
    const found = new Map<string, Cost>();
    for (const { name } of loads) {
      const time = figures.get(`${name}.time`)!.value;
      const cpu = figures.get(`${name}.cpu`)!.value;
      found.set(name, { time, cpu, ...(await callsOf(rig, served.guest, ports, name)) });
    }
    return found;
  } finally {
    await served.guest.destroy();
  }
}

/** The hypercalls of one operation of a load. */
async function callsOf(
  rig: Rig,
  guest: Guest,
  ports: readonly number[],
  name: string,
): Promise<{ hypercalls: number; eventCalls: number }> {
  const record = async (rounds: number): Promise<HypercallCount> => {
    const work = (): Promise<unknown> => run(rig, guest, ports, [`${name}=${rounds}`]);
    return countHypercalls(await traced(rig, work), guest.domainId);
  };
  const [few, many] = [await record(fewRounds), await record(manyRounds)];
  const operations = (manyRounds - fewRounds) * operationsARound;
  const hypercalls = (many.all - few.all) / operations;
  const eventCalls = (many.eventCalls - few.eventCalls) / operations;
  process.stderr.write(`bench: ${name}: ${hypercalls} hypercalls, ${eventCalls} of event channels\n`);
  return { hypercalls, eventCalls };
}

/** What net-load.py prints. */
async function run(
  rig: Rig,
  guest: Guest,
  ports: readonly number[],
  loads: readonly string[],
): Promise<string> {
  const script = "exec(open('/run/bench/net-load.py').read())";
  const arguments_ = [`${guest.domainId}`, `vif${guest.domainId}.0`, address, ...ports.map(String), ...loads];
  const outcome = await rig.exec(["python3", "-ISc", script, ...arguments_], { timeoutMs: loadLimitMs });
  if (outcome.status !== 0)
    throw new GuestFailure(`the load failed: ${outcome.stderr.trim()}`, guest.console.text);
  return outcome.stdout;
}
