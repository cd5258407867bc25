/** A program of random functions, each called with several arguments in a process of its own, and what it must print. */
import { Call, Endless, Stopped } from "./loop-model.ts";
import { fixedLength, FunctionMaker } from "./loop-random.ts";
import { stepLines, type Name, type Step } from "./loop-syntax.ts";
import { integerTypes } from "./machine.ts";
import type { Random } from "./random.ts";

const [, , , u64, , , i32] = integerTypes;
const parameters: readonly Name[] = [
  { name: "n", type: u64 },
  { name: "k", type: i32 },
];

interface Arguments {
  readonly length: number;
  readonly n: bigint;
  readonly k: bigint;
}

export interface LoopProgram {
  readonly text: string;
  /** A line for each call: its sum, or the line and the reason of the check that stopped it. */
  readonly expected: readonly string[];
}

/** What stands before the functions: a call runs in a child, so that a check that fails ends only it. */
const prologue = `import { print } from "xenlet:host";
import { ptr } from "xenlet:unsafe";
/** @export fork */
declare function fork(): i32;
/** @export wait */
declare function wait(status: u64): i32;
/** @export exit */
declare function exit(status: i32): never;
/** @checkHandler */
export function failed(what: string, at: string, got: u64, limit: u64): never {
  const bytes = at.bytes();
  let colon: usize = 0;
  for (const [i, byte] of bytes.entries()) {
    if (byte === 58) colon = i;
  }
  print(\`\${text(bytes.slice(colon + 1))}: \${what}\`);
  exit(0);
}
function child(): boolean {
  if (fork() === 0) return true;
  wait(ptr<u8>(0).address);
  return false;
}
const storage = new FixedArray<u8, 64>();
const fixed = new FixedArray<u8, ${fixedLength}>();
`.split("\n");

/** `count` functions, each called \`calls\` times. */
export function loopProgram(random: Random, count: number, calls: number): LoopProgram {
  const lines = [...prologue];
  const main: string[] = [];
  const expected: string[] = [];
  let made = 0;
  while (made < count) {
    const steps = new FunctionMaker(random, [...parameters, { name: "sum", type: u64 }]).body();
    const lineOf = new Map<Step, number>();
    // Its head is three lines; lines count from 1.
    const body = stepLines(steps, lines.length + 4, lineOf);
    const outcomes = Array.from({ length: calls }, () => callOutcome(steps, randomArguments(random), lineOf));
    if (outcomes.some((one) => one === undefined)) continue;
    const stops = outcomes.filter((one) => one?.printed.includes(": ")).length;
    // The ones that tell most come to their end with some arguments, and are stopped with others.
    if (stops === calls || (stops === 0 && random.below(4) !== 0)) continue;
    lines.push(
      `function f${made}(given: Slice<u8>, n: u64, k: i32): u64 {`,
      "  let sum: u64 = 0;",
      "  let view: Slice<u8> = given;",
      ...body.map((line) => `  ${line}`),
      "  return sum + view.length;",
      "}",
    );
    for (const outcome of outcomes) {
      if (outcome === undefined) continue;
      const { length, n, k } = outcome.values;
      main.push(
        `  if (child()) {`,
        `    print(\`\${f${made}(storage.slice(0, ${length}), ${n}, ${k})}\`);`,
        "    exit(0);",
        "  }",
      );
      expected.push(outcome.printed);
    }
    made++;
  }
  lines.push("export function main(): i32 {", ...main, "  return 0;", "}", "");
  return { text: lines.join("\n"), expected };
}

function randomArguments(random: Random): Arguments {
  return {
    length: random.below(13),
    n: random.below(6) === 0 ? random.bits() : BigInt(random.below(14)),
    k: BigInt.asIntN(32, random.below(6) === 0 ? random.bits() : BigInt(random.below(20) - 6)),
  };
}

/** What the call prints; undefined where it runs for too long. */
function callOutcome(
  steps: readonly Step[],
  values: Arguments,
  lineOf: ReadonlyMap<Step, number>,
): { readonly values: Arguments; readonly printed: string } | undefined {
  const given = new Uint8Array(values.length);
  const slices = new Map([
    ["given", given],
    ["fixed", new Uint8Array(fixedLength)],
    ["view", given],
  ]);
  const call = new Call(
    new Map([
      ["n", values.n],
      ["k", values.k],
      ["sum", 0n],
    ]),
    slices,
  );
  try {
    call.run(steps);
  } catch (error) {
    if (error instanceof Endless) return undefined;
    if (!(error instanceof Stopped)) throw error;
    return { values, printed: `${lineOf.get(error.step) ?? 0}: ${error.what}` };
  }
  const length = BigInt(call.slices.get("view")?.length ?? 0);
  return { values, printed: String(BigInt.asUintN(64, (call.integers.get("sum") ?? 0n) + length)) };
}
