/** What docs/subset.md says of integers, in BigInt: the model that compiled programs are compared with. */

export interface IntegerType {
  readonly name: string;
  readonly bits: number;
  readonly signed: boolean;
}

const integer = (name: string): IntegerType => ({
  name,
  bits: Number(name.slice(1)),
  signed: name.startsWith("i"),
});
export const integerTypes = [
  integer("u8"),
  integer("u16"),
  integer("u32"),
  integer("u64"),
  integer("i8"),
  integer("i16"),
  integer("i32"),
  integer("i64"),
] as const;

/** The low bits of `value`, read as the type reads them: what `as` does. */
export function truncate({ bits, signed }: IntegerType, value: bigint): bigint {
  return signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

export function holds(type: IntegerType, value: bigint): boolean {
  return truncate(type, value) === value;
}

export function least({ bits, signed }: IntegerType): bigint {
  return signed ? -(1n << BigInt(bits - 1)) : 0n;
}

export function most({ bits, signed }: IntegerType): bigint {
  return (1n << BigInt(signed ? bits - 1 : bits)) - 1n;
}

/** Why a check stops the program; the words are those of xenlet.h. */
export type Stop = "signed overflow" | "division by zero" | "quotient does not fit" | "value does not fit";

/** A value, or why there is none. */
export type Outcome = bigint | Stop;

export const binaryOperators = ["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", ">>>"] as const;
export type BinaryOperator = (typeof binaryOperators)[number];
export const unaryOperators = ["-", "~"] as const;
export type UnaryOperator = (typeof unaryOperators)[number];
export const comparisons = ["===", "!==", "<", "<=", ">", ">="] as const;
export type Comparison = (typeof comparisons)[number];

/** `a operator b` at the width of `type`; `checked` says whether signed overflow stops. */
export function binary(
  type: IntegerType,
  operator: BinaryOperator,
  a: bigint,
  b: bigint,
  checked: boolean,
): Outcome {
  const count = ((b % BigInt(type.bits)) + BigInt(type.bits)) % BigInt(type.bits);
  switch (operator) {
    case "+":
      return arithmetic(type, a + b, checked);
    case "-":
      return arithmetic(type, a - b, checked);
    case "*":
      return arithmetic(type, a * b, checked);
    case "/":
      if (b === 0n) return "division by zero";
      return holds(type, a / b) ? a / b : "quotient does not fit";
    case "%":
      return b === 0n ? "division by zero" : a % b;
    case "&":
      return truncate(type, a & b);
    case "|":
      return truncate(type, a | b);
    case "^":
      return truncate(type, a ^ b);
    case "<<":
      return truncate(type, a << count);
    case ">>":
      return truncate(type, a >> count);
    case ">>>":
      return truncate(type, BigInt.asUintN(type.bits, a) >> count);
  }
}

export function unary(type: IntegerType, operator: UnaryOperator, a: bigint, checked: boolean): Outcome {
  return operator === "~" ? truncate(type, ~a) : arithmetic(type, -a, checked);
}

export function compare(operator: Comparison, a: bigint, b: bigint): boolean {
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

/** Unsigned types wrap; signed ones stop where the result does not fit, or wrap in unchecked builds. */
function arithmetic(type: IntegerType, exact: bigint, checked: boolean): Outcome {
  return type.signed && checked && !holds(type, exact) ? "signed overflow" : truncate(type, exact);
}
