/** What a condition says about integers where it holds, and where it does not. */
import type * as ir from "../ir/ir.ts";
import { type Facts, ZERO } from "./facts.ts";
import { constant, type Interval, interval, linear, type Linear } from "./values.ts";

/** `facts` and that `condition` is `truth`; undefined where that cannot be. */
export function assume(facts: Facts, condition: ir.Expression, truth: boolean): Facts | undefined {
  switch (condition.op) {
    case "boolean":
      return condition.value === truth ? facts : undefined;
    case "unary":
      return condition.operator === "!" ? assume(facts, condition.operand, !truth) : facts;
    case "logical": {
      const isBoth = (condition.operator === "&&") === truth;
      const first = assume(facts, condition.left, truth);
      if (isBoth) return first === undefined ? undefined : assume(first, condition.right, truth);
      const passed = assume(facts, condition.left, !truth);
      return either(first, passed === undefined ? undefined : assume(passed, condition.right, truth));
    }
    case "compare":
      return assumeComparison(facts, condition, truth);
    default:
      return facts;
  }
}

/** What holds after either of two ways; undefined is a way that is never taken. */
export function either(a: Facts | undefined, b: Facts | undefined): Facts | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.join(b);
}

const opposite: Readonly<Record<ir.Comparison, ir.Comparison>> = {
  "===": "!==",
  "!==": "===",
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
};

function assumeComparison(facts: Facts, node: ir.CompareNode, truth: boolean): Facts {
  const operator = truth ? node.operator : opposite[node.operator];
  const result = facts.clone();
  const left = side(facts, node.left);
  const right = side(facts, node.right);
  if (left === undefined || right === undefined) return result;
  switch (operator) {
    case "<":
      atMost(result, left, right, -1n);
      break;
    case "<=":
      atMost(result, left, right, 0n);
      break;
    case ">":
      atMost(result, right, left, -1n);
      break;
    case ">=":
      atMost(result, right, left, 0n);
      break;
    case "===":
      atMost(result, left, right, 0n);
      atMost(result, right, left, 0n);
      break;
    case "!==":
      apart(result, left, right);
      apart(result, right, left);
      if (right.interval.max === 0n && right.interval.min === 0n) someBit(result, node.left);
      break;
  }
  return result;
}

/** One side of a comparison: exactly `plus - minus`, or only an interval. */
interface Side {
  readonly plus: Linear | undefined;
  readonly minus: Linear;
  readonly interval: Interval;
}

function side(facts: Facts, node: ir.Expression): Side | undefined {
  const range = interval(facts, node);
  if (range === undefined) return undefined;
  const whole = linear(facts, node);
  if (whole !== undefined) return { plus: whole, minus: constant(0n), interval: range };
  if (node.op === "binary" && node.operator === "-") {
    const plus = linear(facts, node.left);
    const minus = linear(facts, node.right);
    // `a - b` of unsigned numbers is the difference only where b ≤ a.
    const isExact = plus !== undefined && minus !== undefined && (node.check || isAtMost(facts, minus, plus));
    if (isExact) return { plus, minus, interval: range };
  }
  return { plus: undefined, minus: constant(0n), interval: range };
}

/** Whether `a ≤ b` follows. */
export function isAtMost(facts: Facts, a: Linear, b: Linear): boolean {
  const bound = facts.bound(a.quantity, b.quantity);
  return bound !== undefined && bound <= b.plus - a.plus;
}

/** `a ≤ b + slack` from now on. */
function atMost(facts: Facts, a: Side, b: Side, slack: bigint): void {
  if (a.plus !== undefined && b.plus !== undefined) {
    // a.plus + b.minus ≤ b.plus + a.minus + slack; two quantities are all that a fact has room for.
    const constants = b.plus.plus + a.minus.plus - a.plus.plus - b.minus.plus + slack;
    const smaller = [a.plus.quantity, b.minus.quantity].filter((quantity) => quantity !== ZERO);
    const larger = [b.plus.quantity, a.minus.quantity].filter((quantity) => quantity !== ZERO);
    if (smaller.length <= 1 && larger.length <= 1) {
      facts.add(smaller[0] ?? ZERO, larger[0] ?? ZERO, constants);
    }
  }
  const isPlain = (one: Side): boolean => one.minus.quantity === ZERO && one.minus.plus === 0n;
  if (a.plus !== undefined && isPlain(a))
    facts.add(a.plus.quantity, ZERO, b.interval.max + slack - a.plus.plus);
  if (b.plus !== undefined && isPlain(b))
    facts.add(ZERO, b.plus.quantity, b.plus.plus - a.interval.min + slack);
}

/** `value & mask` is not 0, so `value` is not either. */
function someBit(facts: Facts, node: ir.Expression): void {
  if (node.op !== "binary" || node.operator !== "&") return;
  for (const operand of [node.left, node.right]) {
    const value = linear(facts, operand);
    const range = interval(facts, operand);
    if (value !== undefined && range !== undefined && range.min >= 0n)
      facts.add(ZERO, value.quantity, value.plus - 1n);
  }
}

/** `a ≠ b`: where a could be at most b, it is less. */
function apart(facts: Facts, a: Side, b: Side): void {
  if (a.plus === undefined || b.plus === undefined) return;
  const isPlain = a.minus.quantity === ZERO && b.minus.quantity === ZERO;
  if (isPlain && isAtMost(facts, a.plus, b.plus)) atMost(facts, a, b, -1n);
}
