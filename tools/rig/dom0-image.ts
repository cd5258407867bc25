/** Puts together dom0's initramfs from the unpacked packages and our two files in dom0/. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { archive } from "./cpio.ts";
import { ImageTree } from "./image-tree.ts";
import { chooseModules, modulesLoadedAtBoot } from "./kernel-modules.ts";
import { sharedLibraries } from "./shared-libraries.ts";
import { EnvironmentError } from "./verdict.ts";

/** Programs and directories that dom0 gets, `XEN` standing for the versioned directory of the toolstack. */
const contents = [
  "bin/busybox",
  "bin/bash",
  "bin/ip",
  "sbin/bridge",
  "usr/bin/flock",
  "usr/bin/stat",
  "sbin/losetup",
  "usr/bin/python3",
  "usr/bin/xenstore",
  ...["chmod", "exists", "list", "ls", "read", "rm", "watch", "write"].map(
    (verb) => `usr/bin/xenstore-${verb}`,
  ),
  "usr/sbin/xl",
  "usr/sbin/xentop",
  "usr/lib/xen-common/bin/xen-utils-wrapper",
  ...["xl", "xenstored", "oxenstored", "xenconsoled", "xenconsole", "xen-init-dom0", "libxl-save-helper"].map(
    (n) => `XEN/bin/${n}`,
  ),
  ...["xenctx", "xentop", "lsevtchn", "xen-diag", "xenwatchdogd"].map((name) => `XEN/bin/${name}`),
  "etc/xen",
  // glibc loads it by name when a thread is cancelled, so no program names it as needed.
  "lib/x86_64-linux-gnu/libgcc_s.so.1",
];

/** What the agent imports, with what that imports in turn. */
const pythonModules = [
  ...[
    "_collections_abc",
    "_weakrefset",
    "abc",
    "codecs",
    "copyreg",
    "enum",
    "functools",
    "genericpath",
    "heapq",
    "io",
  ],
  ...[
    "keyword",
    "operator",
    "os",
    "posixpath",
    "pty",
    "reprlib",
    "selectors",
    "signal",
    "stat",
    "struct",
    "tty",
    "types",
  ],
].map((name) => `${name}.py`);
const pythonPackages = ["collections", "encodings", "importlib"];
/** Of the modules written in C most are built in; this one is not, and pty needs it. */
const pythonExtension = /^termios\./;

/** Builds the image. `root` is the tree of unpacked packages, `release` the kernel's. */
export function dom0Image(root: string, xenVersion: string, release: string): Uint8Array[] {
  const tree = new ImageTree(root);
  for (const name of ["dev", "proc", "sys", "run", "tmp", "root", "rig", "var/log", "var/lib", "mnt"])
    tree.directory(name);
  tree.symlink("var/run", "/run");
  tree.symlink("var/lock", "/run/lock");
  tree.add({ kind: "device", name: "dev/console", major: 5, minor: 1 });
  tree.add({ kind: "device", name: "dev/null", major: 1, minor: 3 });

  for (const path of contents) tree.copy(path.replace("XEN", `usr/lib/xen-${xenVersion}`));
  const python = readlinkSync(join(root, "usr/bin/python3"));
  for (const name of [...pythonModules, ...pythonPackages]) tree.copy(join("usr/lib", python, name));
  const extensions = readdirSync(join(root, "usr/lib", python, "lib-dynload"));
  for (const name of extensions.filter((file) => pythonExtension.test(file))) {
    tree.copy(join("usr/lib", python, "lib-dynload", name));
  }
  for (const daemon of ["xenstored", "oxenstored", "xenconsoled", "xen-init-dom0"]) {
    tree.symlink(`usr/sbin/${daemon}`, `/usr/lib/xen-${xenVersion}/bin/${daemon}`);
  }
  const programs = tree.programs();
  sharedLibraries(root, programs).forEach((path) => tree.copy(path));

  for (const applet of busyboxApplets(root)) tree.symlinkUnlessPresent(`bin/${applet}`, "busybox");

  const modules = chooseModules(root, release);
  modules.files.forEach((path) => tree.copy(path));
  tree.file(`lib/modules/${release}/modules.dep`, Buffer.from(modules.dependencies), 0o644);
  tree.file("rig/modules", Buffer.from(modulesLoadedAtBoot.join("\n")), 0o644);
  tree.file("rig/agent.py", readFileSync(join(import.meta.dirname, "dom0/agent.py")), 0o644);
  tree.file("init", readFileSync(join(import.meta.dirname, "dom0/init.sh")), 0o755);
  return archive(tree.entries());
}

/** The static busybox runs on the host as well as in dom0. */
function busyboxApplets(root: string): string[] {
  const result = spawnSync(join(root, "bin/busybox"), ["--list"], { encoding: "utf8" });
  if (result.status !== 0) {
    const reason = result.error?.message ?? result.stderr;
    throw new EnvironmentError(`busybox does not run: ${reason}`, "run `npm run rig -- rebuild --packages`");
  }
  return result.stdout.trim().split("\n");
}
