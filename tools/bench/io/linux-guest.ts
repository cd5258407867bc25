/**
 * The peer of the benchmarks of devices: dom0's own Linux as a PV guest, with tools from Debian's packages in its initramfs.
 * What is typed to it is run by the shell.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

import { bootFiles } from "../../rig/boot-files.ts";
import { archive } from "../../rig/cpio.ts";
import { ImageTree } from "../../rig/image-tree.ts";
import { withLock } from "../../rig/lock.ts";
import { unpackedPackages, type PackageSet } from "../../rig/packages.ts";
import { cachePath } from "../../rig/paths.ts";
import { sharedLibraries } from "../../rig/shared-libraries.ts";
import { terminalReporter } from "../../setup/progress.ts";

/** A kernel and its initramfs, compressed: sending them to dom0 takes longer than unpacking them. */
export interface LinuxGuest {
  readonly kernel: Buffer;
  readonly ramdisk: Buffer;
}

/** What its initramfs holds besides busybox. */
export interface LinuxTools {
  /** Paths of programs in the packages. */
  readonly programs: readonly string[];
  /** Programs of our own, which need no library. */
  readonly own?: Readonly<Record<string, Buffer>>;
  /** Below `kernel/drivers`, each with its parameters. */
  readonly modules: readonly string[];
}

const packages: PackageSet = {
  directory: "bench-packages",
  what: "the tools of the Linux guest (about 3 MB)",
  requested: new Map([
    ["busybox-static", "its shell and small tools"],
    ["bash", "opens UDP sockets for the tools of busybox"],
  ]),
};

/** Says `ready` when the devices are to be used, then runs what is typed. */
const init = `#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs devtmpfs /dev
ln -s /proc/self/fd /dev/fd
while read -r module parameters; do insmod /modules/$module $parameters; done </modules/list
echo 1 >/proc/sys/kernel/printk
echo "linux: ready"
while read -r line; do eval "$line"; done
`;

export async function linuxGuest(tools: LinuxTools): Promise<LinuxGuest> {
  const report = terminalReporter();
  const { directory } = await bootFiles(report);
  const { root } = await withLock(
    cachePath("bench-packages.lock"),
    () => report.step("bench: waiting for another process, which fills the cache"),
    () => unpackedPackages(packages, report),
  );
  const tree = new ImageTree(root);
  for (const name of ["dev", "proc", "sys", "tmp", "modules"]) tree.directory(name);
  tree.add({ kind: "device", name: "dev/console", major: 5, minor: 1 });
  for (const program of ["bin/busybox", ...tools.programs]) tree.copy(program);
  sharedLibraries(root, tree.programs()).forEach((library) => tree.copy(library));
  for (const [name, program] of Object.entries(tools.own ?? {})) tree.file(`bin/${name}`, program, 0o755);
  for (const [module] of modulesOf(tools))
    tree.file(`modules/${path.basename(module)}`, readFileSync(modulePath(module)), 0o644);
  const list = modulesOf(tools).map(([module, ...parameters]) =>
    [path.basename(module), ...parameters].join(" "),
  );
  tree.file("modules/list", Buffer.from(`${list.join("\n")}\n`), 0o644);
  tree.file("init", Buffer.from(init), 0o755);
  return {
    kernel: compress(readFileSync(path.join(directory, "vmlinux"))),
    ramdisk: compress(Buffer.concat(archive(tree.entries()))),
  };
}

/** Each module's path, and its parameters. */
function modulesOf(tools: LinuxTools): [string, ...string[]][] {
  return tools.modules.map((line) => line.split(" ") as [string, ...string[]]);
}

function compress(bytes: Buffer): Buffer {
  return gzipSync(bytes, { level: 1 });
}

/** The modules of the kernel that dom0 runs, of which there is one. */
function modulePath(module: string): string {
  const releases = cachePath("packages/root/lib/modules");
  return path.join(releases, readdirSync(releases)[0]!, "kernel/drivers", module);
}
