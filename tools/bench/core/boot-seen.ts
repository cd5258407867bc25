/**
 * How long a boot takes as dom0 sees it: from the unpausing of a domain to the first byte of its console. It works for every
 * guest, since the guest need not know of it; what xenconsoled takes to wake up and pass the byte on is part of it.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { EnvironmentError, GuestFailure } from "../../rig/verdict.ts";
import type { Rig } from "../../rig/rig.ts";
import { xlConfig } from "../../rig/xl-config.ts";
import type { GuestRun } from "./guest-run.ts";

const directory = "/run/bench";
const limitMs = 60_000;
const patienceMs = 5_000;

/** Nanoseconds. Creates the domain paused, and destroys it afterwards. */
export async function bootSeenFromDom0(rig: Rig, run: GuestRun): Promise<number> {
  await rig.exec(["mkdir", "-p", directory]);
  await rig.put(readFileSync(path.join(import.meta.dirname, "boot-seen.py")), `${directory}/boot-seen.py`);
  await rig.put(run.image, `${directory}/kernel`);
  const settings = {
    name: run.name,
    type: "pv",
    kernel: `${directory}/kernel`,
    memory: run.memoryMb,
    extra: run.commandLine,
    tsc_mode: "native",
    on_poweroff: "preserve",
    on_crash: "preserve",
  };
  await rig.put(Buffer.from(xlConfig(settings)), `${directory}/config`);
  const created = await rig.exec(["xl", "create", "-p", `${directory}/config`], { timeoutMs: limitMs });
  if (created.status !== 0) throw new GuestFailure(`xl create: ${created.stderr.trim()}`, "");
  try {
    const domain = (await rig.exec(["xl", "domid", run.name])).stdout.trim();
    const terminal = await consoleTerminal(rig, domain);
    const script = ["python3", "-ISc", "exec(open('/run/bench/boot-seen.py').read())", domain, terminal];
    const seen = await rig.exec(script, { timeoutMs: limitMs });
    if (seen.status !== 0)
      throw new EnvironmentError(`dom0 cannot time the boot: ${seen.stderr.trim()}`, "run it again");
    return Number(seen.stdout);
  } finally {
    await rig.exec(["xl", "destroy", run.name]);
  }
}

/** The terminal that xenconsoled makes once it has noticed the domain. */
async function consoleTerminal(rig: Rig, domain: string): Promise<string> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    const found = await rig.exec(["xenstore-read", `/local/domain/${domain}/console/tty`]);
    if (found.status === 0) return found.stdout.trim();
    await sleep(50);
  }
  throw new EnvironmentError("xenconsoled made no terminal for the domain", "run `npm run rig -- rebuild`");
}
