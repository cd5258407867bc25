/** A lock between processes: several test workers may want to fill the same cache at the same moment. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { EnvironmentError } from "./verdict.ts";

/** flock's exit status when -n does not get the lock. */
const busy = 75;

/**
 * Runs `work` while holding the lock file `path`; calls `onWait` first if another process holds it. The lock is the
 * kernel's (flock(2), held by a child that lives as long as our end of its pipe), so that it cannot outlive us.
 */
export async function withLock<T>(path: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  let holder = await acquire(path, ["-n", "-E", String(busy)]);
  if (!holder) {
    onWait();
    holder = await acquire(path, []);
  }
  try {
    return await work();
  } finally {
    holder?.stdin?.end();
  }
}

/** The child that holds the lock; undefined when it is busy and `options` say not to wait. */
function acquire(path: string, options: readonly string[]): Promise<ChildProcess | undefined> {
  const command = ["-x", ...options, path, "sh", "-c", "echo held; exec cat"];
  const child = spawn("flock", command, { stdio: ["pipe", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    const fail = (what: string): void =>
      reject(
        new EnvironmentError(
          `cannot lock ${path}: ${what}`,
          "apt-get install util-linux; check the file's owner",
        ),
      );
    child.on("error", (error) => fail(error.message));
    child.stdin.on("error", () => {});
    child.stdout.once("data", () => resolve(child));
    child.on("exit", (status) =>
      status === busy ? resolve(undefined) : fail(`flock ended with status ${status}`),
    );
  });
}
