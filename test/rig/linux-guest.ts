/** A guest that is not ours, to test the rig with: dom0's own Linux with a busybox that obeys what is typed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bootFiles } from "../../tools/rig/boot-files.ts";
import { archive } from "../../tools/rig/cpio.ts";
import { cachePath } from "../../tools/rig/paths.ts";
import { terminalReporter } from "../../tools/setup/progress.ts";

/** Prints `ready`, then runs each line that is typed by the shell. */
const init = `#!/bin/sh
mount -t proc proc /proc
echo "the guest is ready: $(cat /proc/cmdline)"
while read -r line; do eval "$line"; done
`;

/** The uncompressed kernel. */
export async function linuxKernel(): Promise<Buffer> {
  return readFileSync(join((await bootFiles(terminalReporter())).directory, "vmlinux"));
}

/** Its initramfs. */
export function linuxRamdisk(): Buffer {
  const busybox = readFileSync(cachePath("packages/root/bin/busybox"));
  const applets = ["sh", "mount", "cat", "poweroff", "reboot", "seq"];
  return Buffer.concat(
    archive([
      { kind: "directory", name: "bin" },
      { kind: "directory", name: "proc" },
      { kind: "directory", name: "dev" },
      { kind: "device", name: "dev/console", major: 5, minor: 1 },
      { kind: "file", name: "bin/busybox", bytes: busybox, mode: 0o755 },
      ...applets.map((applet) => ({ kind: "symlink" as const, name: `bin/${applet}`, target: "busybox" })),
      { kind: "file", name: "init", bytes: Buffer.from(init), mode: 0o755 },
    ]),
  );
}
