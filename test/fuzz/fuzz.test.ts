/** Every fuzz target, briefly; `npm run fuzz` is the long form. */
import { rmSync } from "node:fs";
import path from "node:path";
import test from "ava";

import { buildTarget, fuzz, targetNames } from "../../tools/fuzz/target.ts";

for (const name of targetNames()) {
  test.serial(`nothing breaks ${name}`, async (t) => {
    const program = await buildTarget(name);
    const { runs, culprit, text } = await fuzz(name, program, { runs: 20_000 });
    t.is(culprit, undefined, text);
    t.true(runs >= 20_000, text);
    rmSync(program);
  });
}

test.serial("a planted defect is found, and the input that reaches it kept", async (t) => {
  const program = await buildTarget("planted", path.join(import.meta.dirname, "programs/planted/planted.ts"));
  const { culprit, text } = await fuzz("planted", program, { runs: 1_000_000 });
  t.regex(culprit ?? "none", /build\/fuzz\/planted\/crash-/, text);
  t.regex(text, /planted\.ts:6: index out of bounds/, "the report names the place");
  rmSync(path.dirname(program), { recursive: true });
});
