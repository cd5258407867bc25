/** Has Xen note every hypercall while something runs. */
import { readdirSync, readFileSync } from "node:fs";

import { cachePath } from "../../rig/paths.ts";
import type { Rig } from "../../rig/rig.ts";
import { eventMask } from "./hypercalls.ts";

const program = "/run/bench/xentrace";
const file = "/run/bench/trace";

/** Sends xentrace to dom0, which has its libraries. */
export async function installTrace(rig: Rig): Promise<void> {
  const libraries = cachePath("packages/root/usr/lib");
  const release = readdirSync(libraries).find((name) => /^xen-\d/.test(name))!;
  await rig.put(readFileSync(`${libraries}/${release}/bin/xentrace`), program, 0o755);
}

/** Xen's record of what happens while `work` runs. */
export async function traced(rig: Rig, work: () => Promise<unknown>): Promise<Buffer> {
  // A buffer of 4 MB, emptied every 10 ms, so that nothing is lost.
  await rig.exec(
    `${program} -D -S 1024 -s 10 -e ${eventMask} ${file} </dev/null >/dev/null 2>&1 & echo $! >${file}.pid; sleep 0.5`,
  );
  await work();
  await rig.exec(`kill -INT $(cat ${file}.pid); sleep 0.5`);
  return rig.get(file);
}
