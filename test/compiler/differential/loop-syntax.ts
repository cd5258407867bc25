/** The small language of random functions over slices and counters, and how it reads in the subset. */
import type { Comparison, IntegerType } from "./machine.ts";

export interface Name {
  readonly name: string;
  readonly type: IntegerType;
}

export type LoopOperator = "+" | "-" | "*" | "/" | "%" | "&" | ">>";

/** An expression of an integer type; `sides` of an operator have that type too. */
export type Value =
  | { readonly op: "literal"; readonly type: IntegerType; readonly value: bigint }
  | { readonly op: "name"; readonly type: IntegerType; readonly name: string }
  | { readonly op: "cast"; readonly type: IntegerType; readonly operand: Value }
  | { readonly op: "length"; readonly type: IntegerType; readonly slice: string }
  | { readonly op: "element"; readonly type: IntegerType; readonly slice: string; readonly index: Value }
  | { readonly op: "word"; readonly type: IntegerType; readonly slice: string; readonly index: Value }
  | { readonly op: "min"; readonly type: IntegerType; readonly sides: readonly [Value, Value] }
  | {
      readonly op: "binary";
      readonly type: IntegerType;
      readonly operator: LoopOperator;
      readonly sides: readonly [Value, Value];
    };

export type Condition =
  | { readonly op: "compare"; readonly operator: Comparison; readonly sides: readonly [Value, Value] }
  | { readonly op: "and" | "or"; readonly sides: readonly [Condition, Condition] }
  | { readonly op: "not"; readonly operand: Condition };

/** Each statement that can be stopped stands on a line of its own. */
export type Step =
  | { readonly op: "let"; readonly target: Name; readonly value: Value }
  | { readonly op: "assign"; readonly target: Name; readonly value: Value }
  | { readonly op: "store"; readonly slice: string; readonly index: Value; readonly value: Value }
  | {
      readonly op: "narrow";
      readonly slice: string;
      readonly from: string;
      readonly ends: readonly [Value, Value];
    }
  | { readonly op: "if"; readonly condition: Condition; readonly then: Step[]; readonly otherwise: Step[] }
  | { readonly op: "while"; readonly condition: Condition; readonly body: Step[] }
  | {
      readonly op: "for";
      readonly counter: Name;
      readonly start: Value;
      readonly condition: Condition;
      readonly step: Value;
      readonly body: Step[];
    }
  | {
      readonly op: "each";
      readonly index: string;
      readonly element: string;
      readonly slice: string;
      readonly body: Step[];
    }
  | { readonly op: "break" | "continue" };

export function valueText(value: Value): string {
  switch (value.op) {
    case "literal":
      return value.value < 0n ? `(${value.value})` : `${value.value}`;
    case "name":
      return value.name;
    case "cast":
      return `(${valueText(value.operand)} as ${value.type.name})`;
    case "length":
      return `${value.slice}.length`;
    case "element":
      return `${value.slice}[${valueText(value.index)}]`;
    case "word":
      return `${value.slice}.readU32le(${valueText(value.index)})`;
    case "min":
      return `min<${value.type.name}>(${value.sides.map(valueText).join(", ")})`;
    case "binary":
      return `(${value.sides.map(valueText).join(` ${value.operator} `)})`;
  }
}

export function conditionText(condition: Condition): string {
  switch (condition.op) {
    case "compare": {
      const [left, right] = condition.sides.map(valueText);
      return `${left} ${condition.operator} ${right}`;
    }
    case "and":
    case "or":
      return condition.sides
        .map((side) => `(${conditionText(side)})`)
        .join(condition.op === "and" ? " && " : " || ");
    case "not":
      return `!(${conditionText(condition.operand)})`;
  }
}

/** The lines of `steps`, and for each step the number of its line, counted from `line`. */
export function stepLines(steps: readonly Step[], line: number, lineOf: Map<Step, number>): string[] {
  const lines: string[] = [];
  const block = (head: string, body: readonly Step[], end: string): void => {
    lines.push(head, ...stepLines(body, line + lines.length + 1, lineOf), end);
  };
  for (const step of steps) {
    lineOf.set(step, line + lines.length);
    switch (step.op) {
      case "let":
        lines.push(`let ${step.target.name}: ${step.target.type.name} = ${valueText(step.value)};`);
        break;
      case "assign":
        lines.push(`${step.target.name} = ${valueText(step.value)};`);
        break;
      case "store":
        lines.push(`${step.slice}[${valueText(step.index)}] = ${valueText(step.value)};`);
        break;
      case "narrow":
        lines.push(`${step.slice} = ${step.from}.slice(${step.ends.map(valueText).join(", ")});`);
        break;
      case "if":
        block(`if (${conditionText(step.condition)}) {`, step.then, "} else {");
        lines.push(...stepLines(step.otherwise, line + lines.length, lineOf), "}");
        break;
      case "while":
        block(`while (${conditionText(step.condition)}) {`, step.body, "}");
        break;
      case "for": {
        const { name, type } = step.counter;
        const head = `let ${name}: ${type.name} = ${valueText(step.start)}; ${conditionText(step.condition)}`;
        block(`for (${head}; ${name} += ${valueText(step.step)}) {`, step.body, "}");
        break;
      }
      case "each":
        block(`for (const [${step.index}, ${step.element}] of ${step.slice}.entries()) {`, step.body, "}");
        break;
      case "break":
      case "continue":
        lines.push(`${step.op};`);
        break;
    }
  }
  return lines;
}
