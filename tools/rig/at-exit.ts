/** Things to undo when this process ends before their owners could. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const pending = new Set<() => void>();

process.on("exit", () => {
  for (const undo of pending) undo();
});

/** Has `undo`, which must not wait for anything, called when the process exits. Returns a function that cancels this. */
export function atExit(undo: () => void): () => void {
  pending.add(undo);
  return () => pending.delete(undo);
}

/** A directory of its own below the system's temporary one. Its path is short, as the names of sockets have to be. */
export function temporaryDirectory(prefix: string): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), prefix));
  const erase = (): void => rmSync(path, { recursive: true, force: true });
  const cancel = atExit(erase);
  return {
    path,
    remove() {
      cancel();
      erase();
    },
  };
}
