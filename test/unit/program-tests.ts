import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";

import { compileToC, configurations, runC } from "../compiler/run.ts";

/**
 * Declares a test for each program of the subset in `directory`: it must end with status 0 and print what the `//> ` lines at
 * its top say, under clang, gcc and the sanitizers.
 */
export function testPrograms(directory: string): void {
  for (const name of readdirSync(directory).filter((file) => file.endsWith(".ts"))) {
    test(`${name} gives what it says`, async (t) => {
      const file = join(directory, name);
      const expected = readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => /^\/\/>( |$)/.test(line))
        .map((line) => line.slice(4));
      t.true(expected.length > 0, `${name} has no line \`//> …\``);
      const c = compileToC(file);
      for (const configuration of configurations) {
        const result = await runC(c, configuration);
        t.is(result.status, 0, `${configuration.name}: ${result.stdout}${result.stderr}`);
        t.deepEqual(result.stdout.trimEnd().split("\n"), expected, configuration.name);
      }
    });
  }
}
