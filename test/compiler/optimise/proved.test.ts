/** What the compiler promises to prove leaves no check behind in the C. */
import path from "node:path";
import test from "ava";
import { compileToC } from "../run.ts";

const checks = /xl_index|xl_check_(range|bytes|copy|fits|bits)|xl_(add|subtract|multiply|divide|remainder)_/g;
const programs = path.join(import.meta.dirname, "../accept/optimise");
const emitted = (name: string): readonly string[] =>
  compileToC(path.join(programs, `${name}.ts`)).match(checks) ?? [];

test("idioms of loops, parts, masks and bits need no check", (t) => {
  t.deepEqual(emitted("proved"), []);
});

test("a guard for one element more leaves the check of a second one", (t) => {
  t.deepEqual(emitted("guard-too-short"), ["xl_index"]);
});

test("both uses of one index in one expression keep their checks", (t) => {
  t.deepEqual(emitted("same-index-twice"), ["xl_index", "xl_index"]);
});
