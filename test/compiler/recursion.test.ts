/** Functions that can be on a stack twice look at it before they use it. */
import path from "node:path";
import test from "ava";
import { findRecursive } from "../../compiler/analyse/recursion.ts";
import { check } from "../../compiler/check/checker.ts";
import { emitProgram } from "../../compiler/emit/program.ts";
import { loadProgram } from "../../compiler/source/program.ts";

const entry = path.resolve(import.meta.dirname, "accept/control/recursion.ts");

test("exactly the functions in a circle of the call graph probe the stack", (t) => {
  const { program, diagnostics } = check(loadProgram(entry, "host"), "host", true);
  t.deepEqual(diagnostics, []);
  const recursive = findRecursive(program);
  const names = [...recursive].map((one) => one.name).sort();
  t.deepEqual(names, ["Layer.write", "countDown", "isEven", "isOdd", "throughValue"]);
  const c = emitProgram(program, "host", recursive);
  t.is(c.match(/XL_PROBE_STACK;/g)?.length, names.length);
});
