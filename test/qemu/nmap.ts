/** Debian's nmap, for dom0: fetched when it is first asked for, and no part of dom0's image. */
import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { archive } from "../../tools/rig/cpio.ts";
import { ImageTree } from "../../tools/rig/image-tree.ts";
import { withLock } from "../../tools/rig/lock.ts";
import { unpackedPackages, type PackageSet } from "../../tools/rig/packages.ts";
import { cachePath } from "../../tools/rig/paths.ts";
import type { Rig } from "../../tools/rig/rig.ts";
import { sharedLibraries } from "../../tools/rig/shared-libraries.ts";
import { silent } from "../../tools/setup/progress.ts";

const packages: PackageSet = {
  directory: "test-packages",
  what: "nmap (about 15 MB)",
  requested: new Map([["nmap", "looks for open ports"]]),
};
/** What Debian's alternatives would point at the library that nmap's liblinear needs, if anything were installed. */
const blas = "usr/lib/x86_64-linux-gnu/libblas.so.3";
const home = "/run/nmap";
const data = ["nmap-services", "nmap-protocols", "nmap-payloads", "nmap-mac-prefixes"];

/** How nmap is called in dom0. */
export const nmap =
  `LD_LIBRARY_PATH=${home}/lib/x86_64-linux-gnu:${home}/usr/lib/x86_64-linux-gnu ` +
  `${home}/usr/bin/nmap --datadir ${home}/usr/share/nmap`;

export async function installNmap(rig: Rig): Promise<void> {
  const { root } = await withLock(
    cachePath("test-packages.lock"),
    () => {},
    () => unpackedPackages(packages, silent),
  );
  if (!existsSync(join(root, blas))) symlinkSync("blas/libblas.so.3", join(root, blas));
  const tree = new ImageTree(root);
  tree.copy("usr/bin/nmap");
  sharedLibraries(root, tree.programs()).forEach((library) => tree.copy(library));
  for (const file of data) tree.copy(`usr/share/nmap/${file}`);
  await rig.put(gzipSync(Buffer.concat(archive(tree.entries()))), "/run/nmap.cpio.gz");
  const { status, stderr } = await rig.exec(
    `mkdir -p ${home} && cd ${home} && zcat /run/nmap.cpio.gz | cpio -id`,
  );
  if (status !== 0) throw new Error(`nmap is not unpacked: ${stderr}`);
}
