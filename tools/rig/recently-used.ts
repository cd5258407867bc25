/** Keeps the cache small: several checkouts may share it, so what somebody used lately stays, whatever this checkout needs. */
import { readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";

/** Notes that a directory of the cache is in use. */
export function markUsed(directory: string): void {
  const now = new Date();
  utimesSync(directory, now, now);
}

/** Deletes the directories in `parent` but the `most` that were used last. */
export function keepRecentlyUsed(parent: string, most: number): void {
  const lastUse = (name: string): number => statSync(join(parent, name)).mtimeMs;
  const directories = readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort((one, other) => lastUse(other) - lastUse(one));
  for (const name of directories.slice(most)) {
    rmSync(join(parent, name), { recursive: true, force: true });
    rmSync(join(parent, `${name}.lock`), { force: true });
  }
}
