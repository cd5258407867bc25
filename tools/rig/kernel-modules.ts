/** Chooses the kernel modules of dom0, with all that they depend on. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EnvironmentError } from "./verdict.ts";

/** Loaded while dom0 boots, in this order, so that they are part of every snapshot. */
export const modulesLoadedAtBoot = [
  "virtio_pci",
  "virtio_console",
  "xenfs",
  "xen-privcmd",
  "xen-evtchn",
  "xen-gntdev",
  "xen-gntalloc",
  "xen-netback",
  "xen-blkback",
  "bridge",
  "loop",
  "tun",
];

/** In the image as well, for `modprobe` at need. */
export const modulesAtHand = [
  "null_blk",
  "brd",
  "ext4",
  "9p",
  "9pnet_virtio",
  "veth",
  "xen-pciback",
  "af_packet",
];

/** The chosen modules (paths below `root`) and the text of a modules.dep that knows just these. */
export interface ModuleSet {
  readonly files: readonly string[];
  readonly dependencies: string;
}

/** Resolves the lists above for the kernel `release` below `root`. */
export function chooseModules(root: string, release: string): ModuleSet {
  const base = join("lib/modules", release);
  const lines = dependencyLines(root, release);
  const byName = new Map(lines.map((line) => [moduleName(line.path), line]));
  const chosen = new Map<string, DependencyLine>();
  const builtIn = readFileSync(join(root, base, "modules.builtin"), "utf8");
  const builtInNames = new Set(builtIn.split("\n").map(moduleName));

  for (const name of [...modulesLoadedAtBoot, ...modulesAtHand]) {
    const line = byName.get(canonical(name));
    if (line) [line.path, ...line.needs].forEach((path) => chosen.set(path, lineOf(byName, path)));
    else if (!builtInNames.has(canonical(name))) throw new Error(`Linux ${release} has no module ${name}`);
  }
  const dependencies = [...chosen.values()].map((line) => `${line.path}: ${line.needs.join(" ")}`.trimEnd());
  return {
    files: [...chosen.keys()].map((path) => join(base, path)),
    dependencies: `${dependencies.join("\n")}\n`,
  };
}

interface DependencyLine {
  readonly path: string;
  readonly needs: readonly string[];
}

function lineOf(byName: ReadonlyMap<string, DependencyLine>, path: string): DependencyLine {
  const line = byName.get(moduleName(path));
  if (!line) throw new Error(`modules.dep names ${path} as a dependency but has no line for it`);
  return line;
}

/** depmod comes from the unpacked busybox, which is static: the host need not have one. */
function dependencyLines(root: string, release: string): DependencyLine[] {
  const path = join(root, "lib/modules", release, "modules.dep");
  if (!existsSync(path)) {
    const result = spawnSync(join(root, "bin/busybox"), ["depmod", "-b", root, release], {
      encoding: "utf8",
    });
    if (result.status !== 0) {
      const reason = result.error?.message ?? result.stderr;
      throw new EnvironmentError(
        `busybox depmod failed: ${reason}`,
        "run `npm run rig -- rebuild --packages`",
      );
    }
  }
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.includes(":"))
    .map((line) => {
      const [file = "", needs = ""] = line.split(":");
      return { path: file, needs: needs.trim().split(/\s+/).filter(Boolean) };
    });
}

/** Module names treat `-` and `_` alike. */
function canonical(name: string): string {
  return name.replaceAll("-", "_");
}

function moduleName(path: string): string {
  return canonical(path.slice(path.lastIndexOf("/") + 1).replace(/\.ko.*$/, ""));
}
