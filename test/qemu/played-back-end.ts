/** dom0 plays the toolstack and the back end of a device: by hand, but in the real xenstored. fixtures/back-end.py says how. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Guest } from "../../tools/rig/guest.ts";
import type { Rig } from "../../tools/rig/rig.ts";

const player = "/run/back-end.py";
const playFile = "/run/play";

/** Puts the player into dom0. */
export async function preparePlays(rig: Rig): Promise<void> {
  await rig.put(readFileSync(join(import.meta.dirname, "fixtures/back-end.py")), player);
}

/** Plays for the device `device/<kind>/0` of a guest. Throws where the front end does not do what the play expects. */
export async function play(
  rig: Rig,
  guest: Guest,
  kind: string,
  lines: readonly string[],
  timeoutMs = 120_000,
): Promise<string> {
  await rig.put(Buffer.from(`${lines.join("\n")}\n`), playFile);
  const command = `python3 ${player} ${guest.domainId} ${kind} <${playFile}`;
  const { status, stdout, stderr, timedOut } = await rig.exec(command, { timeoutMs });
  if (status === 0) return stdout;
  throw new Error(
    `${stdout}${stderr}${timedOut ? "the play takes too long" : ""}\n${guest.console.text.slice(-2000)}`,
  );
}
