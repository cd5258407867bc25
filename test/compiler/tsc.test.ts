/** The subset is TypeScript: what xenlet compiles, stock `tsc` takes without a plugin. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import test from "ava";

const root = path.resolve(import.meta.dirname, "../..");

function tsc(project: string): { readonly status: number | null; readonly stdout: string } {
  const program = path.join(root, "node_modules/typescript/bin/tsc");
  const args = [program, "--noEmit", "--pretty", "false", "-p", path.join(root, project)];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  return { status, stdout };
}

for (const project of ["test/compiler", "kernel"]) {
  test(`stock tsc accepts the programs of ${project}`, (t) => {
    const { status, stdout } = tsc(project);
    t.is(stdout, "");
    t.is(status, 0);
  });
}
