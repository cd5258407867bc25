/** Runs a build again whenever one of the files it read changes. */
import { type FSWatcher, statSync, watch } from "node:fs";
import path from "node:path";

/** Editors write a file in several steps; what comes within this time, in milliseconds, is one change. */
const settleTime = 100;

/**
 * Calls `build` now, and after each change of the files that it named the last time. Builds never overlap; a change during a
 * build leads to another one. Runs until the process ends.
 */
export async function watchAndBuild(build: () => Promise<readonly string[]>): Promise<never> {
  for (;;) {
    const started = Date.now();
    const files = await build();
    await changeOf(files, started);
  }
}

/** Resolves once one of `files` has changed after `since` and nothing more happens. */
function changeOf(files: readonly string[], since: number): Promise<void> {
  const wanted = new Set(files.map((file) => path.resolve(file)));
  const directories = new Set([...wanted].map((file) => path.dirname(file)));
  return new Promise((resolve) => {
    const watchers: FSWatcher[] = [];
    let timer: NodeJS.Timeout | undefined;
    const finish = (): void => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      resolve();
    };
    const settle = (): void => {
      clearTimeout(timer);
      timer = setTimeout(finish, settleTime);
    };
    // Whole directories: an editor that saves by renaming puts a new file in the place of the watched one.
    for (const directory of directories) {
      const watcher = watch(directory, (_event, name) => {
        if (name === null || wanted.has(path.join(directory, name))) settle();
      });
      watcher.on("error", finish);
      watchers.push(watcher);
    }
    // What changed during the build, before anybody watched.
    if ([...wanted].some((file) => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > since))
      settle();
  });
}
