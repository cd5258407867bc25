/** Each program of accept/ compiles, runs, and says what the comments at its top say. */
import path from "node:path";
import test from "ava";
import { type Program, programsIn } from "./programs.ts";
import { compileToC, configurations, runC } from "./run.ts";

/**
 * What a program says of itself: `//> line of output` at its top, there also `//! exit 3` for what `main` returns, and
 * `// stops: reason` at the end of the line whose check ends it.
 */
interface Expectation {
  readonly stdout: string;
  readonly status: number;
  readonly stderr: string;
}

/** xenlet.h: the status of a program that a check has stopped. */
const checkStatus = 70;

function expectationOf({ name, file, text }: Program): Expectation {
  const lines = text.split("\n");
  const output = lines.filter((line) => /^\/\/>( |$)/.test(line)).map((line) => line.slice(4));
  const stop = lines.findIndex((line) => line.includes("// stops: "));
  const reason = lines[stop]?.replace(/^.*\/\/ stops: /, "") ?? "";
  if (output.length === 0 && stop < 0) throw new Error(`${name}: expected at least one line \`//> …\``);
  return {
    stdout: output.map((line) => `${line}\n`).join(""),
    status: stop < 0 ? Number(/^\/\/! exit (\d+)$/m.exec(text)?.[1] ?? 0) : checkStatus,
    stderr: stop < 0 ? "" : `${path.relative(process.cwd(), file)}:${stop + 1}: ${reason}`,
  };
}

for (const program of programsIn("accept")) {
  test(`${program.name} runs alike by clang, gcc and under the sanitizers`, async (t) => {
    const expected = expectationOf(program);
    const c = compileToC(program.file);
    const results = await Promise.all(configurations.map((configuration) => runC(c, configuration)));
    for (const [index, result] of results.entries()) {
      const name = configurations[index]?.name ?? "";
      t.is(result.stdout, expected.stdout, `${name}: ${result.stderr}`);
      t.is(result.status, expected.status, `${name}: ${result.stderr}`);
      t.is(result.stderr.replace(/ \(got \d+, limit \d+\)\n$/, "").trimEnd(), expected.stderr, name);
    }
  });
}
