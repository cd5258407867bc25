/** Runs a kernel under Xen, and gathers what it measured. */
import { GuestFailure } from "../../rig/verdict.ts";
import type { Rig } from "../../rig/rig.ts";
import { lastLine, parseFigures, type Measured } from "./lines.ts";

/** What is run. */
export interface GuestRun {
  readonly name: string;
  readonly image: Uint8Array;
  readonly memoryMb: number;
  readonly commandLine: string;
}

const limitMs = 120_000;
/** A peer that does not know the format says its words and goes on for ever: after this silence, nothing is expected. */
const silenceMs = 3_000;

/** The figures that the guest printed. Throws a GuestFailure where it ends, or falls silent, before its last line. */
export async function runGuest(rig: Rig, run: GuestRun): Promise<Map<string, Measured>> {
  const guest = await create(rig, run);
  try {
    await guest.console.waitFor(lastLine, limitMs);
    return parseFigures(guest.console.text);
  } finally {
    await guest.destroy();
  }
}

/** The same, for a guest of other people: without the last line, what there is counts. */
export async function runPeer(rig: Rig, run: GuestRun): Promise<Map<string, Measured>> {
  const guest = await create(rig, run);
  try {
    const since = performance.now();
    while (!lastLine.test(guest.console.text) && performance.now() - since < limitMs) {
      const ended = await guest.wait(200);
      if (ended.reason !== "timeout" || guest.console.quietMs > silenceMs) break;
    }
    if (guest.console.text === "") throw new GuestFailure("the peer said nothing on its console", "");
    return parseFigures(guest.console.text);
  } finally {
    await guest.destroy();
  }
}

async function create(rig: Rig, run: GuestRun): ReturnType<Rig["create"]> {
  return rig.create({
    name: run.name,
    kernel: run.image,
    memoryMb: run.memoryMb,
    extra: run.commandLine,
    // Without it, reading the counter may trap, and a boot may be charged with what is not its own.
    config: { tsc_mode: "native" },
  });
}
