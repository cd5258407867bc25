/** Random programs do the same whether or not the checks that can be proved are there. */
import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import test from "ava";
import { codeFlags, findCCompiler } from "../../../compiler/build/cc.ts";
import { check } from "../../../compiler/check/checker.ts";
import { emitProgram } from "../../../compiler/emit/program.ts";
import { optimise } from "../../../compiler/optimise/optimise.ts";
import { loadProgram } from "../../../compiler/source/program.ts";
import { takeTurn } from "../turn.ts";
import { FunctionWriter } from "./random-functions.ts";

const execute = promisify(execFile);
const FUNCTIONS = 12;
const INPUTS = 24;
/** More of them: `XENLET_PROOF_SEEDS=500 npx ava test/compiler/optimise`. */
const seeds = Number(process.env.XENLET_PROOF_SEEDS ?? "4");
const directory = path.resolve(import.meta.dirname, "../../../build/cache/proofs");

for (let seed = 1; seed <= seeds; seed++) {
  test(`random functions of seed ${seed} give the same results with and without proofs`, async (t) => {
    const source = program(randomSource(seed));
    const whole = await takeTurn(() => run(seed, source, false));
    const proved = await takeTurn(() => run(seed, source, true));
    t.is(proved.output, whole.output, source);
    t.true(whole.output.split("\n").length > FUNCTIONS * INPUTS);
    t.true(proved.removed > 0, "expected at least one check to be proved");
  });
}

function program(random: (below: number) => number): string {
  const functions = Array.from({ length: FUNCTIONS }, (_, i) => new FunctionWriter(random).write(`f${i}`));
  return `const FIXED: FixedArray<u8, 8> = [9, 8, 7, 6, 5, 4, 3, 2];\n${functions.join("")}`;
}

interface Outcome {
  readonly output: string;
  /** Checks that were proved away. */
  readonly removed: number;
}

/** Compiles the functions and calls each, on every input in a process of its own, as a failed check ends it. */
async function run(seed: number, text: string, proves: boolean): Promise<Outcome> {
  mkdirSync(directory, { recursive: true });
  const base = path.join(directory, `seed-${seed}-${proves ? "proved" : "whole"}`);
  writeFileSync(`${base}.ts`, text);
  const loaded = loadProgram(`${base}.ts`, "host");
  const { program: checked, diagnostics } = check(loaded, "host", true);
  const refusals = [...loaded.diagnostics, ...diagnostics].map((one) => one.message);
  if (refusals.length > 0) throw new Error(refusals.join("\n"));
  const removed = proves ? optimise(checked) : 0;
  const c = emitProgram(checked, "host", new Set())
    .replace(/^#line.*$/gm, "")
    .replaceAll(path.basename(base), "program");
  writeFileSync(`${base}.c`, `${c}\n${driver}`);
  const flags = codeFlags({ compiler: "clang", product: "executable", sanitize: false, checked: true });
  await execute(findCCompiler("clang"), [...flags, "-O1", "-w", `${base}.c`, "-o", base]);
  const { stdout: output } = await execute(base, []);
  for (const ending of ["", ".c", ".ts"]) rmSync(`${base}${ending}`);
  return { output, removed };
}

/** Calls every function on inputs that are mostly small, and sometimes at the edges of u64. */
const driver = `
#include <sys/wait.h>
#include <unistd.h>
static unsigned state = 12345;
static unsigned below(unsigned n) { return ((state = state * 1103515245u + 12345u) >> 16) % n; }
static u64 number(unsigned n) {
  static const u64 edges[] = { ~0ull, ~0ull - 1, 1ull << 63, (1ull << 32) - 1, 1ull << 32 };
  return below(6) == 0 ? edges[below(5)] : below(n);
}
int main(void) {
  static u8 bytes[64];
  for (int i = 0; i < 64; i++) bytes[i] = (u8)(i * 37 + 1);
  u64 (*const functions[])(struct slice_u8, struct slice_u8, u64, u64) = { ${Array.from({ length: FUNCTIONS }, (_, i) => `f${i}`).join(", ")} };
  for (int f = 0; f < ${FUNCTIONS}; f++)
    for (int i = 0; i < ${INPUTS}; i++) {
      struct slice_u8 a = { bytes + 8, below(12) }, b = { bytes + 30, below(10) };
      u64 n = number(14), m = number(10);
      fflush(stdout);
      if (fork() == 0) {
        dup2(1, 2);
        printf("%d %d = %llu\\n", f, i, (unsigned long long)functions[f](a, b, n, m));
        exit(0);
      }
      int status;
      wait(&status);
      printf("%d %d ended with %d\\n", f, i, status);
    }
}
`;

function randomSource(seed: number): (below: number) => number {
  let state = (seed * 2654435761) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
