/** A program that holds many random expressions, and what it must print. */
import { type Expression, interestingValue, randomExpression, type Variable } from "./expression.ts";
import { integerTypes } from "./machine.ts";
import type { Random } from "./random.ts";

export interface RandomProgram {
  readonly text: string;
  readonly stdout: string;
  /** The reason in the failed check's line, where the program has to be stopped. */
  readonly stop: string | undefined;
}

/**
 * `count` expressions that give a value, each in a function of its own over variables that the C compiler cannot see through;
 * with `stops`, a last one that a check stops.
 */
export function randomProgram(
  random: Random,
  count: number,
  checked: boolean,
  stops: boolean,
): RandomProgram {
  const variables = randomVariables(random);
  const expressions: Expression[] = [];
  while (expressions.length < count) {
    const one = randomExpression(random, variables, 1 + random.below(4), checked);
    if (typeof one.outcome === "bigint") expressions.push(one);
  }
  let stop: string | undefined;
  while (stops && stop === undefined) {
    const one = randomExpression(random, variables, 1 + random.below(3), checked);
    if (typeof one.outcome === "bigint") continue;
    stop = one.outcome;
    expressions.push(one);
  }
  return {
    text: programText(variables, expressions),
    stdout: expressions
      .filter(({ outcome }) => typeof outcome === "bigint")
      .map(({ outcome }, index) => `${index} ${outcome}\n`)
      .join(""),
    stop,
  };
}

function randomVariables(random: Random): [Variable, ...Variable[]] {
  const all = [0, 1, 2].flatMap((round) =>
    integerTypes.map((type) => ({
      name: `${type.name}_${round}`,
      type,
      value: interestingValue(random, type),
    })),
  );
  const [first, ...rest] = all;
  if (first === undefined) throw new Error("there are no integer types");
  return [first, ...rest];
}

/** The variables are mutable statics that a first function writes, so no value is a constant to either compiler. */
function programText(variables: readonly Variable[], expressions: readonly Expression[]): string {
  const names = variables.map(({ name, type }) => `let ${name}: ${type.name} = 0;`);
  const values = variables.map(({ name, value }) => `  ${name} = ${value};`);
  const functions = expressions.map(
    ({ text, type }, index) => `function e${index}(): ${type.name} {\n  return ${text};\n}`,
  );
  const calls = expressions.map((_, index) => `  print(\`${index} \${e${index}()}\`);`);
  return [
    'import { print } from "xenlet:host";',
    ...names,
    "function set(): void {",
    ...values,
    "}",
    ...functions,
    "export function main(): i32 {",
    "  set();",
    ...calls,
    "  return 0;",
    "}",
    "",
  ].join("\n");
}
