/** When checked arithmetic cannot fail: no signed overflow, no bad divisor. */
import type * as ir from "../ir/ir.ts";
import type { Facts } from "./facts.ts";
import { combine, type Interval, interval, isWithin, rangeOf } from "./values.ts";

/** Whether the result of a checked operation always exists. */
export function isGoodArithmetic(facts: Facts, node: ir.BinaryNode | ir.UnaryNode): boolean {
  const range = rangeOf(node.type);
  if (range === undefined) return false;
  if (node.op === "unary") {
    const operand = interval(facts, node.operand);
    return operand !== undefined && isWithin({ min: -operand.max, max: -operand.min }, range);
  }
  const left = interval(facts, node.left);
  const right = interval(facts, node.right);
  if (left === undefined || right === undefined) return false;
  const fits = isWithin(combine(node.operator, left, right, node.type), range);
  return isGoodOperation(node.operator, left, right, fits, range);
}

/** Divisors must not be 0, nor -1 under the smallest dividend; of the others the exact result must fit. */
export function isGoodOperation(
  operator: ir.Arithmetic,
  left: Interval,
  right: Interval,
  fits: boolean,
  range: Interval,
): boolean {
  if (operator !== "/" && operator !== "%") return fits;
  const excludesZero = right.min > 0n || right.max < 0n;
  const excludesMinusOne = right.min > -1n || right.max < -1n;
  return excludesZero && (excludesMinusOne || left.min > range.min);
}
