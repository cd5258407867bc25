/** Both ends of a ring at once: threads under ThreadSanitizer, and every order of two ends on a machine that delays stores. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "ava";

import { codeFlags, findCCompiler } from "../../../compiler/build/cc.ts";
import { runTool } from "../../../compiler/build/tool.ts";
import { compileToC } from "../../compiler/run.ts";
import { takeTurn } from "../../compiler/turn.ts";

const cache = path.resolve(import.meta.dirname, "../../../build/cache/slot-ring");
const flags = codeFlags({ compiler: "clang", product: "executable", sanitize: false, checked: true });

/** Builds and runs one program; what it printed, where it ended well. */
async function outputOf(name: string, file: string, further: readonly string[]): Promise<string> {
  const program = path.join(cache, name);
  return takeTurn(async () => {
    const build = { program: findCCompiler("clang"), args: [...flags, ...further, file, "-o", program] };
    await runTool({ ...build, debianPackage: "clang", advice: "" });
    return runTool({ program, args: [], debianPackage: "libclang-rt-dev", advice: "" });
  });
}

/** The C of a program of the subset, as a file. */
function emit(name: string): string {
  mkdirSync(cache, { recursive: true });
  const file = path.join(cache, `${path.basename(name, ".ts")}.c`);
  writeFileSync(file, compileToC(path.join(import.meta.dirname, "programs", name)));
  return file;
}

test("two threads use one ring without a data race, and neither waits for a notification in vain", async (t) => {
  const output = await outputOf("threads", emit("threads.ts"), ["-fsanitize=thread", "-O1"]);
  t.regex(
    output,
    /^4 slots: 60000 requests.*\n128 slots: 400000 requests.*\nfewer notifications than requests\n$/,
  );
});

test("in no order of the accesses to the indices, stores delayed as x86 delays them, is a notification lost", async (t) => {
  const sleepers = emit("doors/sleepers.ts");
  const harness = path.join(import.meta.dirname, "interleave.c");
  const output = await outputOf("interleave", harness, [`-DSLEEPERS="${sleepers}"`]);
  const [requests = 0, responses = 0] = [...output.matchAll(/: (\d+) orders/g)].map(([, count]) =>
    Number(count),
  );
  t.true(requests > 100 && responses > 100, output);
});
