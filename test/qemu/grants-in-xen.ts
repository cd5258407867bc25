/** What Xen itself says of a domain's grants. */
import type { Rig } from "../../tools/rig/rig.ts";

/** What Xen's debug key `g` prints of the active grants of a domain; nothing where it has none. Clears Xen's log. */
export async function grantsInXen(rig: Rig, domain: number): Promise<string> {
  const { status, stdout, stderr } = await rig.exec("xl dmesg -c >/dev/null && xl debug-keys g && xl dmesg");
  if (status !== 0) throw new Error(`xl debug-keys g: ${stderr}`);
  return stdout
    .split(/(?=gnttab_usage_print )/)
    .filter((section) => new RegExp(`remote dom:|grant-table for remote d${domain}\\b`).test(section))
    .join("");
}
