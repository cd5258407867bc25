/** The three files that a rig boots from: hypervisor, dom0's kernel, dom0's initramfs. Made once from the packages. */
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writevSync,
} from "node:fs";
import { join } from "node:path";
import type { Reporter } from "../setup/progress.ts";
import { readLinux, readXen } from "./boot-images.ts";
import { dom0Image } from "./dom0-image.ts";
import { withLock } from "./lock.ts";
import { cachedPackageNames, rigPackages, unpackedPackages } from "./packages.ts";
import { cachePath } from "./paths.ts";
import { keepRecentlyUsed, markUsed } from "./recently-used.ts";

/** Sources of the rig that decide what the files contain. */
const ingredients = [
  "dom0/init.sh",
  "dom0/agent.py",
  "dom0-image.ts",
  "image-tree.ts",
  "kernel-modules.ts",
  "boot-images.ts",
  "cpio.ts",
];

/** Images that stay in the cache, of about 92 MB each. */
const mostKept = 3;

/** The directory that has `xen.elf`, `vmlinux` and `dom0.cpio`, and the hash of everything that went into them. */
export interface BootFiles {
  readonly directory: string;
  readonly key: string;
}

/** The files, made now if they are not in the cache; at the first time this downloads the packages. */
export async function bootFiles(report: Reporter): Promise<BootFiles> {
  const ready = cachedBootFiles();
  if (ready) return ready;
  const onWait = (): void => report.step("rig: waiting for another process, which fills the cache");
  return withLock(cachePath("packages.lock"), onWait, async () => cachedBootFiles() ?? make(report));
}

function cachedBootFiles(): BootFiles | undefined {
  const packages = cachedPackageNames(rigPackages);
  if (!packages) return undefined;
  const files = placeOf(packages);
  if (!existsSync(files.directory)) return undefined;
  markUsed(files.directory);
  return files;
}

function placeOf(packages: readonly string[]): BootFiles {
  const hash = createHash("sha256").update(packages.join("\n"));
  for (const name of ingredients) hash.update(readFileSync(join(import.meta.dirname, name)));
  const key = hash.digest("hex").slice(0, 16);
  return { directory: cachePath("boot", key), key };
}

async function make(report: Reporter): Promise<BootFiles> {
  const { root, packages } = await unpackedPackages(rigPackages, report);
  const files = placeOf(packages);
  report.step("rig: making the dom0 image");
  const xen = readXen(root);
  const linux = readLinux(root);
  const unfinished = `${files.directory}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  writeFileSync(join(unfinished, "xen.elf"), xen.image);
  writeFileSync(join(unfinished, "vmlinux"), linux.image);
  writeParts(join(unfinished, "dom0.cpio"), dom0Image(root, xen.version, linux.release));
  renameSync(unfinished, files.directory);
  keepRecentlyUsed(cachePath("boot"), mostKept);
  return files;
}

function writeParts(path: string, parts: Uint8Array[]): void {
  const file = openSync(path, "w");
  // writev takes at most IOV_MAX (1024) buffers a call.
  for (let at = 0; at < parts.length; at += 1000) writevSync(file, parts.slice(at, at + 1000));
  closeSync(file);
}
