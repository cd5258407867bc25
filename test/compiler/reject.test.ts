/** Each program of reject/ is refused at the lines that say so, with the codes that they say, and nowhere else. */
import path from "node:path";
import test from "ava";
import { catalogue } from "../../compiler/diagnostics/catalogue.ts";
import { renderDiagnostics } from "../../compiler/diagnostics/render.ts";
import { compile } from "../../compiler/driver.ts";
import { lineOf, refusalsIn } from "./expected-refusals.ts";
import { programsIn } from "./programs.ts";

const programs = programsIn("reject");

for (const program of programs) {
  test(`${program.name} is refused`, (t) => {
    const expected = refusalsIn(program.file);
    t.not(expected.length, 0, "the program says no `// error XL2001`");
    const { diagnostics, c } = compile({ entry: program.file, target: "host", checked: true });
    const got = diagnostics.map((one) => {
      const place =
        one.span === undefined ? "nowhere" : `${path.basename(one.span.file)}:${lineOf(one.span)}`;
      return `${place} ${one.code}`;
    });
    t.deepEqual(
      got.sort(),
      expected.map(({ file, line, code }) => `${path.basename(file)}:${line} ${code}`).sort(),
      renderDiagnostics(diagnostics, { color: false }),
    );
    t.is(c, undefined);
    for (const one of diagnostics) {
      if (one.code.startsWith("XL")) t.notRegex(`${one.message} ${one.help}`, /\{\d\}|undefined/);
    }
  });
}

test("every code of the catalogue has a program that provokes it", (t) => {
  const provoked = new Set(programs.flatMap(({ file }) => refusalsIn(file).map(({ code }) => code)));
  const missing = Object.entries(catalogue)
    .filter(([, { code }]) => !provoked.has(`XL${code}`))
    .map(([name, { code }]) => `XL${code} ${name}`);
  t.deepEqual(missing, []);
});

test("no code of the catalogue is given twice", (t) => {
  const codes = Object.values(catalogue).map(({ code }) => code);
  t.deepEqual(codes, [...new Set<number>(codes)]);
});
