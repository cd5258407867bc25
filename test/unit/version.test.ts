/** The kernel's version is said in two places. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";

import { projectRoot } from "../../tools/rig/paths.ts";

test("kernel/version.ts says what package.json says", (t) => {
  const manifest = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as { version: string };
  const source = readFileSync(join(projectRoot, "kernel/version.ts"), "utf8");
  t.true(source.includes(`kernelVersion = "${manifest.version}"`), source);
});
