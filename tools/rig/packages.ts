/**
 * Fetches Debian packages and unpacks them into the cache, without touching what is installed on this machine.
 *
 * apt gets a state directory of its own: its own package lists (so a stale or absent `apt-get update` of the host does
 * not matter), and a dpkg status file that is empty, so that its solver answers with the complete closure of the
 * requested packages. The host's own sources and proxy settings stay in force.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runCommand, type CommandResult } from "../setup/command.ts";
import type { Reporter } from "../setup/progress.ts";
import { cachePath } from "./paths.ts";
import { EnvironmentError, quoteTail } from "./verdict.ts";

/** A set of unpacked packages. */
export interface UnpackedPackages {
  /** The directory that stands for `/`. */
  readonly root: string;
  /** File names of all packages, which contain their versions; sorted. */
  readonly packages: readonly string[];
}

/** What is fetched and unpacked together. */
export interface PackageSet {
  /** Its place in the cache. */
  readonly directory: string;
  /** For people, who see it while it is downloaded. */
  readonly what: string;
  /** What is requested by name, and why; everything else follows from it by apt's own dependency resolution. */
  readonly requested: ReadonlyMap<string, string>;
}

const requestedPackages: ReadonlyMap<string, string> = new Map([
  ["xen-system-amd64", "the hypervisor, xl, xenstored, xenconsoled, the hotplug scripts"],
  ["xenstore-utils", "xenstore-read and its kin, which the hotplug scripts call"],
  ["linux-image-amd64", "the kernel of dom0 and its modules"],
  ["busybox-static", "dom0's shell and small tools; depmod while the image is made"],
  ["python3-minimal", "runs the agent"],
  ["bash", "the packaged hotplug scripts are written for it"],
  ["coreutils", "stat -c %D, which the packaged locking.sh needs and busybox does not know"],
  ["util-linux", "flock, for the same script"],
  ["mount", "losetup as the packaged block script calls it"],
  ["iproute2", "ip and bridge, which the packaged vif scripts call"],
]);

/** What dom0 is made of. */
export const rigPackages: PackageSet = {
  directory: "packages",
  what: "Xen, Linux and the toolstack (about 110 MB)",
  requested: requestedPackages,
};

/** Parts of the kernel package that a rig never loads: two thirds of its size. */
const skippedModules = [
  "*/kernel/sound",
  "*/drivers/gpu",
  "*/drivers/media",
  "*/drivers/net/wireless",
  "*/drivers/iio",
];

const retry = "check the network and the Debian sources below /etc/apt, then run the same command again";

/** The unpacked packages, from the cache or, at the first time, from the network. The caller holds the cache's lock. */
export async function unpackedPackages(set: PackageSet, report: Reporter): Promise<UnpackedPackages> {
  const base = cachePath(set.directory);
  const root = join(base, "root");
  const known = cachedPackageNames(set);
  if (known !== undefined && existsSync(root)) return { root, packages: known };

  rmSync(base, { recursive: true, force: true });
  const archives = await download(base, set, report);
  const unfinished = `${root}.unfinished`;
  await unpack(archives, unfinished, report);
  renameSync(unfinished, root);
  const packages = archives.map((archive) => basename(archive)).sort();
  writeFileSync(join(base, manifest), JSON.stringify({ request: requestOf(set), packages }, null, 1));
  archives.forEach((archive) => rmSync(archive));
  return { root, packages };
}

/** The names of the unpacked packages without looking at the network; undefined when there are none yet. */
export function cachedPackageNames(set: PackageSet): readonly string[] | undefined {
  const known = readManifest(cachePath(set.directory, manifest));
  return known?.request === requestOf(set) ? known.packages : undefined;
}

const manifest = "manifest.json";

function requestOf(set: PackageSet): string {
  return [...set.requested.keys()].join(" ");
}

interface Manifest {
  readonly request: string;
  readonly packages: readonly string[];
}

function readManifest(path: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Manifest;
  } catch {
    return undefined;
  }
}

async function download(base: string, set: PackageSet, report: Reporter): Promise<string[]> {
  const archives = join(base, "archives");
  mkdirSync(join(base, "lists/partial"), { recursive: true });
  mkdirSync(join(archives, "partial"), { recursive: true });
  writeFileSync(join(base, "status"), "");
  const config = join(base, "apt.conf");
  writeFileSync(config, aptConfiguration(base));

  report.step("rig: reading the Debian package lists (about 10 MB)");
  const update = await apt(config, ["update", "-qq"]);
  const bar = report.bar(`rig: downloading ${set.what}`, 100);
  const result = await apt(
    config,
    ["install", "-qq", "-y", "--download-only", ...set.requested.keys()],
    (line) => {
      const match = /^dlstatus:\d+:([\d.]+):(.*)$/.exec(line);
      if (match) bar.update(Number(match[1]), match[2]);
    },
  );
  bar.stop();
  if (result.status !== 0) {
    // A third-party source that does not answer is no obstacle as long as Debian's own do: judged here, not after update.
    const text = [update.stderr, result.stdout, result.stderr].join("\n");
    throw new EnvironmentError(`apt-get could not fetch the packages of the rig:\n${quoteTail(text)}`, retry);
  }
  return readdirSync(archives)
    .filter((name) => name.endsWith(".deb"))
    .map((name) => join(archives, name));
}

/** The settings that make apt work below `base`. `#clear` takes out the host's hooks, which are not meant for us. */
function aptConfiguration(base: string): string {
  return `Dir::State::Lists "${join(base, "lists")}";
Dir::State::status "${join(base, "status")}";
Dir::Cache "${base}";
Dir::Cache::archives "archives";
Debug::NoLocking "true";
APT::Install-Recommends "false";
APT::Keep-Downloaded-Packages "true";
APT::Sandbox::User "";
Acquire::Retries "3";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
`;
}

async function apt(
  config: string,
  args: string[],
  onStatusLine?: (line: string) => void,
): Promise<CommandResult> {
  const result = await runCommand("apt-get", ["-c", config, "-o", "APT::Status-Fd=3", ...args], {
    env: { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" },
    onStatusLine: onStatusLine ?? (() => {}),
  });
  if (result.status === null) {
    throw new EnvironmentError(
      `apt-get did not run: ${result.stderr}`,
      "use a Debian 12 machine; apt-get must be in PATH",
    );
  }
  return result;
}

async function unpack(archives: readonly string[], root: string, report: Reporter): Promise<void> {
  mkdirSync(root, { recursive: true });
  const bar = report.bar("rig: unpacking", archives.length);
  const exclude = skippedModules.map((pattern) => `--exclude='${pattern}'`).join(" ");
  for (const [index, archive] of archives.entries()) {
    bar.update(index, basename(archive));
    const pipeline = `set -o pipefail; dpkg-deb --fsys-tarfile "$1" | tar -x --no-same-owner -C "$2" ${exclude}`;
    const result = await runCommand("bash", ["-c", pipeline, "unpack", archive, root]);
    if (result.status !== 0) {
      throw new EnvironmentError(
        `cannot unpack ${archive}:\n${quoteTail(result.stderr)}`,
        "free disk space (1 GB), then retry",
      );
    }
  }
  bar.stop();
}
