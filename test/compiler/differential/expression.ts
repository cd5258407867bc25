/** Random expressions over variables of all widths: as source text, with the value that the model gives. */
import {
  binary,
  type BinaryOperator,
  binaryOperators,
  compare,
  comparisons,
  holds,
  integerTypes,
  type IntegerType,
  least,
  most,
  type Outcome,
  truncate,
  unary,
  unaryOperators,
} from "./machine.ts";
import type { Random } from "./random.ts";

export interface Variable {
  readonly name: string;
  readonly type: IntegerType;
  readonly value: bigint;
}

/** Source text of type `type`, and what it must give. */
export interface Expression {
  readonly text: string;
  readonly type: IntegerType;
  readonly outcome: Outcome;
}

/** A value that is likely to be on an edge of its type. */
export function interestingValue(random: Random, type: IntegerType): bigint {
  const edges = [least(type), most(type), 0n, 1n, most(type) >> 1n, least(type) + 1n, -1n] as const;
  return truncate(
    type,
    random.below(2) === 0 ? random.pick(edges) : random.bits() >> BigInt(random.below(64)),
  );
}

/** An expression of at most `depth` nested operators. */
export function randomExpression(
  random: Random,
  variables: readonly [Variable, ...Variable[]],
  depth: number,
  checked: boolean,
): Expression {
  const operand = (): Expression => randomExpression(random, variables, depth - 1, checked);
  if (depth === 0) return variableOf(random.pick(variables));
  switch (random.below(8)) {
    case 0:
      return cast(operand(), random.pick(integerTypes));
    case 1:
      return unaryOf(random, operand(), checked);
    case 2:
      return choice(random, operand(), operand(), operand(), operand());
    case 3:
      return narrowed(operand(), random.pick(integerTypes));
    case 4:
      return withLiteral(random, operand(), checked);
    default:
      return binaryOf(random.pick(binaryOperators), operand(), operand(), checked);
  }
}

function variableOf({ name, type, value }: Variable): Expression {
  return { text: name, type, outcome: value };
}

function cast(operand: Expression, type: IntegerType): Expression {
  const outcome = typeof operand.outcome === "bigint" ? truncate(type, operand.outcome) : operand.outcome;
  return { text: `(${operand.text} as ${type.name})`, type, outcome };
}

function narrowed(operand: Expression, type: IntegerType): Expression {
  const text = `checked<${type.name}>(${operand.text})`;
  if (typeof operand.outcome !== "bigint") return { text, type, outcome: operand.outcome };
  return { text, type, outcome: holds(type, operand.outcome) ? operand.outcome : "value does not fit" };
}

function unaryOf(random: Random, operand: Expression, checked: boolean): Expression {
  const { type, outcome } = operand;
  const operator = random.pick(unaryOperators);
  const value = typeof outcome === "bigint" ? unary(type, operator, outcome, checked) : outcome;
  return { text: `(${operator}${operand.text})`, type, outcome: value };
}

/** The type that both widen to: the wider of the two; one of them is cast where the signs differ. */
function sameSign(left: Expression, right: Expression): readonly [Expression, Expression, IntegerType] {
  const [a, b] = left.type.signed === right.type.signed ? [left, right] : [left, cast(right, left.type)];
  return [a, b, a.type.bits >= b.type.bits ? a.type : b.type];
}

function binaryOf(wanted: BinaryOperator, left: Expression, right: Expression, checked: boolean): Expression {
  // TypeScript reads `x << (… > …` as type arguments.
  const operator = wanted === "<<" && right.text.includes(">") ? ">>" : wanted;
  const isShift = operator === "<<" || operator === ">>" || operator === ">>>";
  const [a, b, common] = isShift ? ([left, right, left.type] as const) : sameSign(left, right);
  return {
    text: `(${a.text} ${operator} ${b.text})`,
    type: common,
    outcome: combine(a.outcome, b.outcome, (x, y) => binary(common, operator, x, y, checked)),
  };
}

/** With a literal on the right, which takes the left operand's type: not 0 where that is refused. */
function withLiteral(random: Random, left: Expression, checked: boolean): Expression {
  const operator = random.pick(binaryOperators);
  const isShift = operator === "<<" || operator === ">>" || operator === ">>>";
  const isDivision = operator === "/" || operator === "%";
  const any = isShift ? BigInt(random.below(left.type.bits)) : interestingValue(random, left.type);
  const literal = isDivision && any === 0n ? 1n : any;
  return {
    text: `(${left.text} ${operator} ${literal < 0n ? `(${literal})` : literal})`,
    type: left.type,
    outcome: combine(left.outcome, literal, (x, y) => binary(left.type, operator, x, y, checked)),
  };
}

function choice(
  random: Random,
  a: Expression,
  b: Expression,
  then: Expression,
  otherwise: Expression,
): Expression {
  const [left, right] = sameSign(a, b);
  // TypeScript reads `x < (… > …` as type arguments.
  const wanted = random.pick(comparisons);
  const comparison = wanted === "<" && right.text.includes(">") ? ">" : wanted;
  const type = then.type;
  const other = cast(otherwise, type);
  const text = `(${left.text} ${comparison} ${right.text} ? ${then.text} : ${other.text})`;
  if (typeof left.outcome !== "bigint") return { text, type, outcome: left.outcome };
  if (typeof right.outcome !== "bigint") return { text, type, outcome: right.outcome };
  return {
    text,
    type,
    outcome: compare(comparison, left.outcome, right.outcome) ? then.outcome : other.outcome,
  };
}

/** The left operand is evaluated first: where both stop, its reason counts. */
function combine(a: Outcome, b: Outcome, operation: (a: bigint, b: bigint) => Outcome): Outcome {
  if (typeof a !== "bigint") return a;
  return typeof b === "bigint" ? operation(a, b) : b;
}
