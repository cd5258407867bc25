/**
 * The compiler proves checks away. Random functions over slices and counters, called with random arguments, still stop where
 * the model says that they must, at that line, and give its sums elsewhere. XENLET_SEED chooses them.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "ava";
import { loopProgram } from "./differential/loop-program.ts";
import { seededRandom } from "./differential/random.ts";
import { compileToC, configurations, runC } from "./run.ts";

const seed = BigInt(process.env.XENLET_SEED ?? "20240607");
const directory = path.resolve(import.meta.dirname, "../../build/cache/differential");
mkdirSync(directory, { recursive: true });

for (let index = 0; index < 4; index++) {
  test(`40 random functions stop where they must, and only there (${index}, seed ${seed})`, async (t) => {
    const program = loopProgram(seededRandom(seed * 100n + BigInt(index)), 40, 6);
    const stops = program.expected.filter((line) => line.includes(": ")).length;
    t.true(stops > 20 && stops < program.expected.length - 20, `${stops} of ${program.expected.length} stop`);
    const file = path.join(directory, `checks-${index}-${seed}.ts`);
    writeFileSync(file, program.text);
    const c = compileToC(file);
    for (const configuration of configurations) {
      const { stdout, stderr } = await runC(c, configuration);
      t.is(stderr, "", `${configuration.name}: ${file}`);
      t.deepEqual(stdout.trimEnd().split("\n"), program.expected, `${configuration.name}: ${file}`);
    }
  });
}
