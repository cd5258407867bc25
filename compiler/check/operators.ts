/** Unary, binary and cast operators. */
import type * as ir from "../ir/ir.ts";
import ts from "../typescript.ts";
import { show } from "../types/show.ts";
import {
  booleanType,
  canBeNull,
  constantType,
  type IntegerType,
  sameType,
  type Type,
  withNull,
} from "../types/type.ts";
import type { Checker, Scope } from "./context.ts";
import { commonType, convert } from "./convert.ts";
import { wrapInteger } from "./declarations.ts";
import { fold, foldComparison, foldConstants } from "./folding.ts";
import { integerNode } from "./nodes.ts";

const arithmetic: ReadonlyMap<ts.SyntaxKind, ir.Arithmetic> = new Map([
  [ts.SyntaxKind.PlusToken, "+"],
  [ts.SyntaxKind.MinusToken, "-"],
  [ts.SyntaxKind.AsteriskToken, "*"],
  [ts.SyntaxKind.SlashToken, "/"],
  [ts.SyntaxKind.PercentToken, "%"],
  [ts.SyntaxKind.AmpersandToken, "&"],
  [ts.SyntaxKind.BarToken, "|"],
  [ts.SyntaxKind.CaretToken, "^"],
  [ts.SyntaxKind.LessThanLessThanToken, "<<"],
  [ts.SyntaxKind.GreaterThanGreaterThanToken, ">>"],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken, ">>>"],
]);

/** The operator inside `+=` and its like. */
export const compoundAssignments: ReadonlyMap<ts.SyntaxKind, ir.Arithmetic> = new Map([
  [ts.SyntaxKind.PlusEqualsToken, "+"],
  [ts.SyntaxKind.MinusEqualsToken, "-"],
  [ts.SyntaxKind.AsteriskEqualsToken, "*"],
  [ts.SyntaxKind.SlashEqualsToken, "/"],
  [ts.SyntaxKind.PercentEqualsToken, "%"],
  [ts.SyntaxKind.AmpersandEqualsToken, "&"],
  [ts.SyntaxKind.BarEqualsToken, "|"],
  [ts.SyntaxKind.CaretEqualsToken, "^"],
  [ts.SyntaxKind.LessThanLessThanEqualsToken, "<<"],
  [ts.SyntaxKind.GreaterThanGreaterThanEqualsToken, ">>"],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken, ">>>"],
]);

const comparisons: ReadonlyMap<ts.SyntaxKind, ir.Comparison> = new Map([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "==="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "!=="],
  [ts.SyntaxKind.LessThanToken, "<"],
  [ts.SyntaxKind.LessThanEqualsToken, "<="],
  [ts.SyntaxKind.GreaterThanToken, ">"],
  [ts.SyntaxKind.GreaterThanEqualsToken, ">="],
]);

/** `left operator right`. */
export function binary(
  checker: Checker,
  scope: Scope,
  node: ts.BinaryExpression,
  hint?: Type,
): ir.Expression {
  const token = node.operatorToken.kind;
  if (token === ts.SyntaxKind.AmpersandAmpersandToken || token === ts.SyntaxKind.BarBarToken) {
    return {
      op: "logical",
      type: booleanType,
      operator: token === ts.SyntaxKind.BarBarToken ? "||" : "&&",
      left: checker.expression(scope, node.left, booleanType),
      right: checker.expression(scope, node.right, booleanType),
    };
  }
  const comparison = comparisons.get(token);
  if (comparison !== undefined) return compare(checker, scope, node, comparison);
  const operator = arithmetic.get(token);
  if (operator !== undefined) {
    const left = checker.hinted(scope, node.left, hint);
    const other = left.type.kind === "integer" ? left.type : hint;
    const right = checker.hinted(scope, node.right, isShift(operator) ? undefined : other);
    return arithmeticNode(checker, operator, left, right, node, hint);
  }
  if (isAssignment(token)) {
    throw checker.report.refuse(node, "assignmentValue");
  }
  const text = node.operatorToken.getText();
  throw checker.report.refuse(node.operatorToken, "operatorRefused", text, replacementOf(text));
}

function replacementOf(operator: string): string {
  if (operator === "==") return "Write `===`.";
  if (operator === "!=") return "Write `!==`.";
  if (operator === "**") return "Write a multiplication or a shift.";
  return "Write separate statements.";
}

/** Whether an operator stores into its left operand. */
export function isAssignment(token: ts.SyntaxKind): boolean {
  return token >= ts.SyntaxKind.FirstAssignment && token <= ts.SyntaxKind.LastAssignment;
}

/** Whether an operator takes the type of its left operand alone. */
export function isShift(operator: ir.Arithmetic): boolean {
  return operator === "<<" || operator === ">>" || operator === ">>>";
}

const asInteger = (type: Type): IntegerType | undefined =>
  type.kind === "integer" ? type : type.kind === "enum" ? type.definition.representation : undefined;

/** `left operator right` with one machine type, folded where both are known. */
export function arithmeticNode(
  checker: Checker,
  operator: ir.Arithmetic,
  left: ir.Expression,
  right: ir.Expression,
  node: ts.Expression,
  hint?: Type,
): ir.Expression {
  if (
    left.op === "integer" &&
    right.op === "integer" &&
    left.type.kind === "constant" &&
    right.type.kind === "constant"
  ) {
    return foldConstants(checker, operator, left, right, node);
  }
  const type = resultType(checker, operator, left.type, right.type, node, hint);
  const a = convertOperand(checker, left, type, node);
  const b = isShift(operator) ? shiftCount(checker, right, node) : convertOperand(checker, right, type, node);
  if ((operator === "/" || operator === "%") && b.op === "integer" && b.value === 0n) {
    throw checker.report.refuse(node, "divisionByZero", node.getText());
  }
  if (a.op === "integer" && b.op === "integer" && b.value >= 0n) {
    const folded = fold(checker, operator, a.value, b.value, node, type);
    return integerNode(wrapInteger(folded, type), type);
  }
  return {
    op: "binary",
    type,
    operator,
    left: a,
    right: b,
    check: needsCheck(checker, operator, type, b),
    at: checker.place(node),
  };
}

function convertOperand(
  checker: Checker,
  value: ir.Expression,
  type: IntegerType,
  node: ts.Node,
): ir.Expression {
  // A mask such as `~Flag.A` is negative until it meets the width of the flags.
  const isMask = value.op === "integer" && value.type.kind === "constant" && value.type.member === type.flags;
  if (type.flags !== undefined && isMask) return integerNode(wrapInteger(value.value, type), type);
  return convert(checker, value, type, node);
}

function resultType(
  checker: Checker,
  operator: ir.Arithmetic,
  left: Type,
  right: Type,
  node: ts.Node,
  hint: Type | undefined,
): IntegerType {
  if (isShift(operator)) {
    const type = asInteger(left) ?? (left.kind === "constant" && hint?.kind === "integer" ? hint : undefined);
    if (type === undefined && left.kind === "constant")
      throw checker.report.refuse(node, "widthUnknown", node.getText());
    return operand(checker, type, operator, left, node);
  }
  const common = commonType(checker, left, right, node);
  return operand(checker, asInteger(common), operator, common, node);
}

function operand(
  checker: Checker,
  type: IntegerType | undefined,
  operator: ir.Arithmetic,
  shown: Type,
  node: ts.Node,
): IntegerType {
  if (type === undefined) throw checker.report.refuse(node, "operandType", operator, show(shown));
  const isBitwise = operator === "&" || operator === "|" || operator === "^";
  if (type.nominal !== undefined || (type.flags !== undefined && !isBitwise)) {
    throw checker.report.refuse(node, "nominalArithmetic", operator, show(type));
  }
  return type;
}

function shiftCount(checker: Checker, count: ir.Expression, node: ts.Node): ir.Expression {
  if (count.op === "integer" && count.type.kind === "constant") {
    return convert(checker, count, checker.types.u32, node);
  }
  const type = asInteger(count.type);
  if (type === undefined || type.nominal !== undefined)
    throw checker.report.refuse(node, "operandType", "a shift", show(count.type));
  return { op: "cast", type: checker.types.u32, operand: count };
}

/** What has to be looked at when it runs: signed overflow, and divisors that are not known to be good. */
export function needsCheck(
  checker: Checker,
  operator: ir.Arithmetic,
  type: IntegerType,
  right: ir.Expression,
): boolean {
  if (operator === "/" || operator === "%") {
    const isKnown = right.op === "integer" && right.value !== 0n && right.value !== -1n;
    return !isKnown;
  }
  return (
    type.signed && checker.checkedArithmetic && (operator === "+" || operator === "-" || operator === "*")
  );
}

function compare(
  checker: Checker,
  scope: Scope,
  node: ts.BinaryExpression,
  operator: ir.Comparison,
): ir.Expression {
  const left = checker.hinted(scope, node.left);
  const right = checker.hinted(scope, node.right, left.type);
  const tagTest = compareTag(left, right, operator) ?? compareTag(right, left, operator);
  if (tagTest !== undefined) return tagTest;
  if (
    left.op === "integer" &&
    right.op === "integer" &&
    left.type.kind === "constant" &&
    right.type.kind === "constant"
  ) {
    return { op: "boolean", type: booleanType, value: foldComparison(operator, left.value, right.value) };
  }
  const type = commonType(checker, left.type, right.type, node);
  const isOrder = operator !== "===" && operator !== "!==";
  const orderable = type.kind === "integer" || type.kind === "enum";
  if ((isOrder && !orderable) || type.kind === "union" || type.kind === "slice" || type.kind === "template") {
    const isNullTest = left.type.kind === "null" || right.type.kind === "null";
    if (isOrder || !isNullTest) throw checker.report.refuse(node, "operandType", operator, show(type));
  }
  return {
    op: "compare",
    type: booleanType,
    operator,
    left: convert(checker, left, type, node.left),
    right: convert(checker, right, type, node.right),
  };
}

/** `value.kind === "text"` asks for the variant's number, not for the text. */
function compareTag(
  tag: ir.Expression,
  literal: ir.Expression,
  operator: ir.Comparison,
): ir.Expression | undefined {
  if (tag.op !== "tag" || literal.op !== "string") return undefined;
  const variants = tag.union.variants.flatMap((variant, i) => (variant.tag === literal.value ? [i] : []));
  const test: ir.Expression = {
    op: "variantTest",
    type: booleanType,
    base: tag.base,
    union: tag.union,
    variants,
  };
  if (operator === "===") return test;
  if (operator !== "!==") return undefined;
  return {
    op: "unary",
    type: booleanType,
    operator: "!",
    operand: test,
    check: false,
    at: { file: "", line: 0, start: 0, length: 0 },
  };
}

/** `-x`, `~x` and `!x`. */
export function unary(
  checker: Checker,
  scope: Scope,
  node: ts.PrefixUnaryExpression,
  hint?: Type,
): ir.Expression {
  if (node.operator === ts.SyntaxKind.ExclamationToken) {
    const operand = checker.expression(scope, node.operand, booleanType);
    return { op: "unary", type: booleanType, operator: "!", operand, check: false, at: checker.place(node) };
  }
  const isMinus = node.operator === ts.SyntaxKind.MinusToken;
  if (!isMinus && node.operator !== ts.SyntaxKind.TildeToken) {
    throw checker.report.refuse(node, "assignmentValue");
  }
  const operand = checker.hinted(scope, node.operand, hint);
  if (operand.op === "integer" && operand.type.kind === "constant") {
    // `~0` needs a width: with one it is all ones there, without one it is -1.
    const value = isMinus ? -operand.value : ~operand.value;
    if (!isMinus && hint?.kind === "integer" && !hint.signed) {
      return integerNode(wrapInteger(value, hint), hint);
    }
    return integerNode(value, constantType(value, isMinus ? undefined : operand.type.member));
  }
  const type = asInteger(operand.type);
  if (type === undefined || type.nominal !== undefined || (type.flags !== undefined && isMinus)) {
    throw checker.report.refuse(node, "operandType", isMinus ? "-" : "~", show(operand.type));
  }
  if (operand.op === "integer")
    return integerNode(wrapInteger(isMinus ? -operand.value : ~operand.value, type), type);
  const check = isMinus && type.signed && checker.checkedArithmetic;
  return { op: "unary", type, operator: isMinus ? "-" : "~", operand, check, at: checker.place(node) };
}

/** `value as Type`: truncation between integers, and the named conversions of nominal types and enums. */
export function cast(checker: Checker, scope: Scope, node: ts.AsExpression): ir.Expression {
  const type = checker.annotation(node.type, scope.environment);
  let inner = node.expression;
  while (ts.isParenthesizedExpression(inner)) inner = inner.expression;
  const value = checker.hinted(scope, inner, ts.isConditionalExpression(inner) ? undefined : type);
  if (sameType(value.type, type)) return value;
  const target = asInteger(type);
  if (target === undefined) throw checker.report.refuse(node, "castRefused", show(value.type), show(type));
  const from = asInteger(value.type);
  for (const nominal of [target.nominal, from?.nominal]) {
    if (nominal !== undefined && nominal.file !== node.getSourceFile().fileName) {
      throw checker.report.refuse(node, "nominalCast", nominal.name);
    }
  }
  if (value.op === "integer") return integerNode(wrapInteger(value.value, target), type);
  if (value.type.kind === "boolean") return { op: "cast", operand: value, type };
  if (from === undefined) throw checker.report.refuse(node, "castRefused", show(value.type), show(type));
  return { op: "cast", operand: value, type };
}

/** `left ?? right` */
export function coalesce(
  checker: Checker,
  scope: Scope,
  node: ts.BinaryExpression,
  hint?: Type,
): ir.Expression {
  const left = checker.hinted(scope, node.left, hint);
  if (!canBeNull(left.type)) throw checker.report.refuse(node.left, "notNullable", show(left.type));
  const right = checker.hinted(scope, node.right, hint ?? left.type);
  const isNull = right.type.kind === "null" || (canBeNull(right.type) && right.type.nullable);
  const type = withNull(left.type, isNull);
  return { op: "coalesce", type, left, right: convert(checker, right, type, node.right) };
}
