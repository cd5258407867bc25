/** Integer operations with TypeScript's names and C's speed: exact widths, no undefined behaviour. */
import type * as ir from "../ir/ir.ts";
import { type IntegerType, plainInteger, type Type } from "../types/type.ts";
import { nullPart } from "./parts.ts";
import { placeText } from "./writer.ts";

function machine(type: Type): IntegerType {
  if (type.kind === "integer") return plainInteger(type);
  if (type.kind === "enum") return type.definition.representation;
  throw new Error(`${type.kind} is no integer`);
}

/** The C name of an integer type. */
export function integerName(type: Type): string {
  return machine(type).key;
}

/** A C literal of exactly the machine type. */
export function integerLiteral(value: bigint, type: Type): string {
  // Case labels and tags come as untyped constants.
  if (type.kind === "constant") return value > 0x7fffffffn ? `${value}ull` : String(value);
  const { signed, bits } = machine(type);
  if (signed && value === -(1n << 63n)) return "(-9223372036854775807ll - 1)";
  const suffix = `${signed ? "" : "u"}${bits === 64 ? "ll" : ""}`;
  const digits = value > 0xffffn ? `0x${value.toString(16)}` : String(value);
  const text = value < 0n ? `(${digits}${suffix})` : `${digits}${suffix}`;
  return bits < 32 ? `(${integerName(type)})${text}` : text;
}

/** An expression cut or extended to the machine type. */
export function castTo(type: Type, text: string): string {
  return `(${integerName(type)})(${text})`;
}

/** `a operator b`: in unsigned arithmetic of at least 32 bits, where C defines every result, then cut to the width. */
export function arithmetic(
  operator: ir.Arithmetic,
  type: IntegerType,
  a: string,
  b: string,
  right: ir.Expression,
  check: boolean,
  at: ir.Place,
): string {
  const name = integerName(type);
  if (check) return `xl_${checkedNames[operator] ?? ""}_${name}(${a}, ${b}, ${placeText(at)})`;
  if (operator === "/" || operator === "%") return `(${name})(${a} ${operator} ${b})`;
  const wide = type.bits === 64 ? "u64" : "u32";
  const direct = !type.signed && type.bits >= 32;
  const unsigned = (text: string): string => (direct ? text : `(${wide})${text}`);
  const cut = (text: string): string => (direct ? `(${text})` : `(${name})(${text})`);
  if (operator === "<<" || operator === ">>" || operator === ">>>") {
    const count =
      right.op === "integer" ? String(right.value % BigInt(type.bits)) : `(${b} & ${type.bits - 1})`;
    if (operator === "<<") return cut(`${unsigned(a)} << ${count}`);
    if (operator === ">>" || !type.signed) return `(${name})(${a} >> ${count})`;
    return `(${name})((u${type.bits})${a} >> ${count})`;
  }
  return cut(`${unsigned(a)} ${operator} ${unsigned(b)}`);
}

const checkedNames: Partial<Record<ir.Arithmetic, string>> = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
  "%": "remainder",
};

/** `-x`, `~x` or `!x`. */
export function unaryText(node: ir.UnaryNode, operand: string): string {
  if (node.operator === "!") return `(!${operand})`;
  const type = machine(node.type);
  if (node.operator === "~") return `(${type.key})(~${operand})`;
  if (node.check) return `xl_subtract_${type.key}(0, ${operand}, ${placeText(node.at)})`;
  return `(${type.key})(0 - (u${type.bits === 64 ? 64 : 32})${operand})`;
}

/** A comparison of two values of one type; text by its bytes, fat references by what they refer to. */
export function comparison(node: ir.CompareNode, a: string, b: string): string {
  const operator = node.operator === "===" ? "==" : node.operator === "!==" ? "!=" : node.operator;
  const type = node.left.type;
  const isNullTest = node.left.op === "null" || node.right.op === "null";
  if (isNullTest) {
    const value = node.left.op === "null" ? b : a;
    return `(${value}${nullPart(type)} ${operator} 0)`;
  }
  if (type.kind === "string") return `(${operator === "!=" ? "!" : ""}xl_string_equal(${a}, ${b}))`;
  if (type.kind === "interface") return `(${a}.self ${operator} ${b}.self)`;
  return `(${a} ${operator} ${b})`;
}
