/** The saved state of a booted dom0: made once for each combination of image, QEMU and sizes, then only read. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Reporter } from "../setup/progress.ts";
import type { BootFiles } from "./boot-files.ts";
import { machineArguments, startDom0Machine, type Dom0Machine, type MachineSize } from "./dom0-machine.ts";
import { withLock } from "./lock.ts";
import { cachePath } from "./paths.ts";
import { qemuIdentity } from "./qemu.ts";
import type { QmpClient } from "./qmp.ts";
import { keepRecentlyUsed, markUsed } from "./recently-used.ts";
import { EnvironmentError } from "./verdict.ts";

/** A cold boot takes about ten seconds; this much is allowed on a machine that does other things as well. */
const bootLimitMs = 240_000;

/** Saved states that stay in the cache, of about 210 MB each. */
const mostKept = 8;

/** Stages that dom0's init announces, for the progress bar. */
const bootStages = ["file systems", "modules", "network", "xenstore", "agent"];

/** A saved state and the text that the serial line had shown until then. */
export interface Snapshot {
  readonly stateFile: string;
  readonly bootLog: string;
}

/** The snapshot for these files and sizes, made now when there is none. */
export async function snapshotOf(files: BootFiles, size: MachineSize, report: Reporter): Promise<Snapshot> {
  const directory = directoryOf(files, size);
  if (!existsSync(directory)) {
    const onWait = (): void => report.step("rig: waiting for another process, which boots dom0");
    await withLock(`${directory}.lock`, onWait, async () => {
      if (!existsSync(directory)) await make(files, size, directory, report);
    });
  }
  markUsed(directory);
  return { stateFile: join(directory, "state"), bootLog: readFileSync(join(directory, "boot.log"), "utf8") };
}

/** Deletes a snapshot that turned out to be unusable. */
export function discardSnapshot(files: BootFiles, size: MachineSize): void {
  rmSync(directoryOf(files, size), { recursive: true, force: true });
}

function directoryOf(files: BootFiles, size: MachineSize): string {
  const hash = createHash("sha256");
  for (const part of [files.key, qemuIdentity(), ...machineArguments(size)]) hash.update(`${part}\0`);
  return cachePath("snapshots", `${files.key}-${hash.digest("hex").slice(0, 16)}`);
}

async function make(files: BootFiles, size: MachineSize, directory: string, report: Reporter): Promise<void> {
  const bar = report.bar("rig: booting Xen and dom0 for the first time", bootStages.length + 2);
  let serial = "";
  const onSerial = (text: string): void => {
    serial += text;
    const stage = /RIG: ([a-z ]+)\s*$/.exec(serial)?.[1]?.trim() ?? "";
    if (bootStages.includes(stage)) bar.update(1 + bootStages.indexOf(stage), stage);
  };
  const dom0 = await startDom0Machine(files.directory, size, {
    timeoutMs: bootLimitMs,
    listener: { onSerial },
  });
  try {
    bar.update(bootStages.length + 1, "saving");
    await requireToolstack(dom0);
    const unfinished = `${directory}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    await save(dom0.monitor, join(unfinished, "state"));
    writeFileSync(join(unfinished, "boot.log"), serial);
    renameSync(unfinished, directory);
    keepRecentlyUsed(cachePath("snapshots"), mostKept);
  } finally {
    await dom0.stop();
    bar.stop();
  }
}

/** Asks xl for its list of domains, the first time slow; so that a snapshot is never of a dom0 that cannot do that. */
async function requireToolstack(dom0: Dom0Machine): Promise<void> {
  let text = "";
  const onStdout = (bytes: Buffer): void => void (text += bytes.toString());
  const end = await dom0.link.spawn(["xl", "list"], { onStdout, onStderr: onStdout }).end;
  if (end.kind !== "status" || end.status !== 0 || !text.includes("Domain-0")) {
    throw new EnvironmentError(
      `dom0 booted, but \`xl list\` says: ${text.trim()}`,
      "run `npm run rig -- rebuild`",
    );
  }
}

async function save(monitor: QmpClient, path: string): Promise<void> {
  await monitor.execute("stop");
  // The default limits the speed, so as not to disturb a running guest.
  await monitor.execute("migrate-set-parameters", { "max-bandwidth": 1 << 30 });
  await monitor.execute("migrate", { uri: `exec:cat > '${path}'` });
  for (;;) {
    const { status, "error-desc": reason } = await monitor.execute("query-migrate");
    if (status === "completed") break;
    if (status === "failed" || status === "cancelled") {
      throw new EnvironmentError(
        `QEMU could not save its state: ${String(reason)}`,
        "free disk space (about 300 MB)",
      );
    }
    await sleep(20);
  }
  if (statSync(path).size === 0)
    throw new EnvironmentError(`${path} is empty`, "free disk space (about 300 MB)");
}
