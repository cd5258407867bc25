/** What is known at compile time is computed there, exactly. */
import type * as ir from "../ir/ir.ts";
import type ts from "../typescript.ts";
import { constantType, type IntegerType } from "../types/type.ts";
import type { Checker } from "./context.ts";
import { integerNode } from "./nodes.ts";

/** Two untyped constants: the result is one too, of any size. */
export function foldConstants(
  checker: Checker,
  operator: ir.Arithmetic,
  left: ir.IntegerNode,
  right: ir.IntegerNode,
  node: ts.Expression,
): ir.Expression {
  const value = fold(checker, operator, left.value, right.value, node);
  const member = left.type.kind === "constant" ? left.type.member : undefined;
  const keeps = member !== undefined && right.type.kind === "constant" && right.type.member === member;
  const isBitwise = operator === "|" || operator === "&" || operator === "^";
  return integerNode(value, constantType(value, keeps && isBitwise ? member : undefined));
}

/** With a `type`, shift counts are taken modulo its width; the caller cuts the result to it. */
export function fold(
  checker: Checker,
  operator: ir.Arithmetic,
  a: bigint,
  b: bigint,
  node: ts.Expression,
  type?: IntegerType,
): bigint {
  const count = type === undefined ? b : BigInt.asUintN(64, b) % BigInt(type.bits);
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
    case "%":
      if (b === 0n) throw checker.report.refuse(node, "divisionByZero", node.getText());
      return operator === "/" ? a / b : a % b;
    case "&":
      return a & b;
    case "|":
      return a | b;
    case "^":
      return a ^ b;
    case "<<":
      if (count < 0n || count > 64n) throw checker.report.refuse(node, "shiftCount", String(b));
      return a << count;
    case ">>":
      if (count < 0n) throw checker.report.refuse(node, "shiftCount", String(b));
      return a >> count;
    case ">>>":
      if (count < 0n) throw checker.report.refuse(node, "shiftCount", String(b));
      return (type === undefined ? a : BigInt.asUintN(type.bits, a)) >> count;
  }
}

/** The truth of a comparison of two constants. */
export function foldComparison(operator: ir.Comparison, a: bigint, b: bigint): boolean {
  switch (operator) {
    case "===":
      return a === b;
    case "!==":
      return a !== b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
  }
}
