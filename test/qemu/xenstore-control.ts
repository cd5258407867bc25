/** What can be asked of xenstored by its own tool, which dom0's image does not have. */
import { readdirSync, readFileSync } from "node:fs";

import { cachePath } from "../../tools/rig/paths.ts";
import type { Rig } from "../../tools/rig/rig.ts";

const packages = cachePath("packages/root");
const control = "/run/xenstore-control";

/** The directory of Xen's own programs in dom0. */
export function xenPrograms(): string {
  const version = readdirSync(`${packages}/usr/lib`).find((name) => /^xen-\d/.test(name));
  if (version === undefined) throw new Error(`${packages} has no programs of Xen`);
  return `/usr/lib/${version}/bin`;
}

/** Has xenstored do something. Throws what the tool says where it does not. */
export async function controlXenstored(rig: Rig, ...words: readonly string[]): Promise<void> {
  await rig.put(readFileSync(`${packages}${xenPrograms()}/xenstore-control`), control, 0o755);
  const { status, stdout, stderr } = await rig.exec([control, ...words], { timeoutMs: 60_000 });
  if (status !== 0) throw new Error(`xenstore-control ${words.join(" ")}: ${stdout}${stderr}`);
}
