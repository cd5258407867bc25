/** Implicit conversions: those that lose nothing, and no others. */
import type * as ir from "../ir/ir.ts";
import type ts from "../typescript.ts";
import { isOwned } from "../types/contents.ts";
import { show } from "../types/show.ts";
import {
  borrowedType,
  canBeNull,
  enumType,
  type IntegerType,
  isNullable,
  plainInteger,
  sameType,
  type Type,
  withNull,
} from "../types/type.ts";
import type { Checker } from "./context.ts";
import { fitsInteger } from "./declarations.ts";
import { integerNode } from "./nodes.ts";

/** `value` as a `type`, or a refusal at `node`. */
export function convert(checker: Checker, value: ir.Expression, type: Type, node: ts.Node): ir.Expression {
  const from = value.type;
  if (sameType(from, type) || from.kind === "never") return value;
  if (value.op === "integer" && from.kind === "constant") return convertConstant(checker, value, type, node);
  if (from.kind === "integer" && isOwned(from) && sameType(borrowedType(from), type))
    return { op: "cast", operand: value, type };
  if (type.kind === "integer") return convertInteger(checker, value, type, node);
  if (from.kind === "null" && isNullable(type)) return { op: "null", type };
  if (type.kind === "template" && from.kind === "string") return { op: "convert", operand: value, type };
  if (canBeNull(type) && type.nullable && canBeNull(from) && !from.nullable) {
    return { op: "convert", operand: convert(checker, value, withNull(type, false), node), type };
  }
  if (type.kind === "slice" && from.kind === "reference" && !from.nullable && from.target.kind === "array") {
    if (sameType(from.target.element, type.element)) return { op: "convert", operand: value, type };
  }
  if (
    type.kind === "interface" &&
    from.kind === "reference" &&
    (type.nullable || !from.nullable) &&
    from.target.kind === "struct"
  ) {
    if (from.target.definition.interfaces.includes(type.definition)) {
      checker.implement(from.target.definition, type.definition);
      return { op: "convert", operand: value, type };
    }
    throw checker.report.refuse(node, "notImplemented", show(from), show(type));
  }
  if (type.kind === "function" && from.kind === "function" && value.op === "function") {
    const plain = { ...type, interrupt: false, nullable: false };
    const same =
      plain.parameters.length === from.parameters.length &&
      plain.parameters.every((parameter, i) => sameType(parameter, from.parameters[i] ?? parameter)) &&
      (sameType(plain.result, from.result) || (plain.result.kind === "void" && from.result.kind === "never"));
    if (same) {
      checker.program.functionValues.push({ function: value.function, type, at: checker.place(node) });
      return { op: "convert", operand: value, type };
    }
  }
  if (type.kind === "constant" && from.kind === "integer")
    throw checker.report.refuse(node, "notConstant", node.getText());
  throw checker.report.refuse(node, "typeMismatch", show(type), show(from));
}

function convertConstant(checker: Checker, value: ir.IntegerNode, type: Type, node: ts.Node): ir.Expression {
  const member = value.type.kind === "constant" ? value.type.member : undefined;
  if (type.kind === "integer") {
    const isForeignFlag = type.flags !== undefined && member !== type.flags && value.value !== 0n;
    if (type.nominal !== undefined || isForeignFlag) {
      throw checker.report.refuse(node, "typeMismatch", show(type), show(value.type));
    }
    if (!fitsInteger(value.value, type)) {
      throw checker.report.refuse(node, "constantTooLarge", String(value.value), show(type));
    }
    return integerNode(value.value, type);
  }
  if (type.kind === "enum" && member === type.definition) return integerNode(value.value, type);
  throw checker.report.refuse(node, "typeMismatch", show(type), show(value.type));
}

function convertInteger(
  checker: Checker,
  value: ir.Expression,
  type: IntegerType,
  node: ts.Node,
): ir.Expression {
  const from = value.type.kind === "enum" ? value.type.definition.representation : value.type;
  if (from.kind !== "integer")
    throw checker.report.refuse(node, "typeMismatch", show(type), show(value.type));
  // Flags widen to plain integers as enums do; the way back is a cast.
  const isFlagMember =
    type.flags !== undefined && value.type.kind === "enum" && value.type.definition === type.flags;
  if (
    from.nominal !== undefined ||
    type.nominal !== undefined ||
    (type.flags !== undefined && !isFlagMember)
  ) {
    throw checker.report.refuse(node, "typeMismatch", show(type), show(value.type));
  }
  if (from.signed !== type.signed) {
    throw checker.report.refuse(node, "signednessMixed", show(type), show(value.type));
  }
  if (from.bits > type.bits) throw checker.report.refuse(node, "narrowing", show(type), show(value.type));
  return { op: "cast", operand: value, type };
}

/** The one machine type of two operands after lossless widening. */
export function commonType(checker: Checker, left: Type, right: Type, node: ts.Node): Type {
  if (sameType(left, right)) return left;
  if (left.kind === "never") return right;
  if (right.kind === "never") return left;
  if (left.kind === "constant") return right;
  if (right.kind === "constant") return left;
  if (left.kind === "null" && canBeNull(right)) return withNull(right, true);
  if (right.kind === "null" && canBeNull(left)) return withNull(left, true);
  if (left.kind === "enum" && right.kind === "integer")
    return commonType(checker, left.definition.representation, right, node);
  if (left.kind === "integer" && right.kind === "enum")
    return commonType(checker, left, right.definition.representation, node);
  if (left.kind === "integer" && right.kind === "integer") {
    const bothFlags = left.flags !== undefined && right.flags !== undefined;
    if (left.nominal !== undefined || right.nominal !== undefined || bothFlags)
      throw checker.report.refuse(node, "typeMismatch", show(left), show(right));
    if (left.signed !== right.signed)
      throw checker.report.refuse(node, "signednessMixed", show(left), show(right));
    return plainInteger(left.bits >= right.bits ? left : right);
  }
  if (canBeNull(left) && canBeNull(right) && sameType(withNull(left, true), withNull(right, true))) {
    return withNull(left, true);
  }
  throw checker.report.refuse(node, "typeMismatch", show(left), show(right));
}

/** The machine type that a value takes when nothing else says one. */
export function settled(checker: Checker, value: ir.Expression, node: ts.Node): ir.Expression {
  if (value.type.kind === "constant") {
    const { member } = value.type;
    if (value.op === "integer" && member !== undefined) return integerNode(value.value, enumType(member));
    throw checker.report.refuse(node, "widthUnknown", node.getText());
  }
  if (value.type.kind === "null")
    throw checker.report.refuse(node, "annotationMissing", "a variable that starts as null");
  return value;
}
