/**
 * Random programs over the integer operators give what the model in BigInt gives, by both C compilers, with and without
 * overflow checks. XENLET_SEED chooses the programs; a failure names its seed.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "ava";
import { randomProgram } from "./differential/program.ts";
import { seededRandom } from "./differential/random.ts";
import { compileToC, type Configuration, runC } from "./run.ts";

const seed = BigInt(process.env.XENLET_SEED ?? "20240607");
const directory = path.resolve(import.meta.dirname, "../../build/cache/differential");
mkdirSync(directory, { recursive: true });

/** The program's C; its text is kept in a file, for whoever has to look into a failure. */
function compileText(
  text: string,
  name: string,
  checked: boolean,
): { readonly c: string; readonly file: string } {
  const file = path.join(directory, `${name}.ts`);
  writeFileSync(file, text);
  return { c: compileToC(file, checked), file };
}

function configurationsFor(checked: boolean): Configuration[] {
  return [
    { name: "clang", compiler: "clang", sanitize: false, checked },
    { name: "gcc", compiler: "gcc", sanitize: false, checked },
    { name: "sanitizers", compiler: "clang", sanitize: true, checked },
  ];
}

for (const checked of [true, false]) {
  const build = checked ? "checked" : "unchecked";
  test(`400 random expressions give what BigInt gives (${build} build, seed ${seed})`, async (t) => {
    const random = seededRandom(seed + (checked ? 0n : 1n));
    const program = randomProgram(random, 400, checked, false);
    const { c, file } = compileText(program.text, `values-${build}-${seed}`, checked);
    for (const configuration of configurationsFor(checked)) {
      const result = await runC(c, configuration);
      t.deepEqual(
        result.stdout.split("\n"),
        program.stdout.split("\n"),
        `${configuration.name}: ${file}: ${result.stderr}`,
      );
      t.is(result.status, 0, `${configuration.name}: ${file}: ${result.stderr}`);
    }
  });
}

for (let index = 0; index < 12; index++) {
  test(`a random expression without a value stops the program (${index}, seed ${seed})`, async (t) => {
    const random = seededRandom(seed + 1000n + BigInt(index));
    const program = randomProgram(random, 1, true, true);
    const { c, file } = compileText(program.text, `stop-${index}-${seed}`, true);
    for (const configuration of configurationsFor(true)) {
      const result = await runC(c, configuration);
      t.is(result.stdout, program.stdout, file);
      t.is(result.status, 70, file);
      t.true(
        result.stderr.includes(`: ${program.stop ?? ""} (got `),
        `${file}: ${program.stop}: ${result.stderr}`,
      );
    }
  });
}
