/** Reads integer expressions in the light of what is known: as a quantity plus a constant, or as an interval. */
import type * as ir from "../ir/ir.ts";
import type { IntegerType, Type } from "../types/type.ts";
import { type Facts, type Quantity, ZERO } from "./facts.ts";

/** `quantity + plus`, exactly: no wrap on the way. */
export interface Linear {
  readonly quantity: Quantity;
  readonly plus: bigint;
}

/** Both ends included. */
export interface Interval {
  readonly min: bigint;
  readonly max: bigint;
}

/** No slice is longer: its elements lie in one half of the address space. */
export const LONGEST_SLICE = (1n << 63n) - 1n;

export const constant = (value: bigint): Linear => ({ quantity: ZERO, plus: value });

/** The machine integer that a value of this type is stored as. */
export function machineInteger(type: Type): IntegerType | undefined {
  if (type.kind === "integer") return type;
  return type.kind === "enum" ? type.definition.representation : undefined;
}

/** What a type lets its values be; undefined where they are no integers. */
export function rangeOf(type: Type): Interval | undefined {
  if (type.kind === "constant") return { min: type.value, max: type.value };
  const integer = machineInteger(type);
  if (integer === undefined) return undefined;
  const bits = BigInt(integer.bits);
  if (!integer.signed) return { min: 0n, max: (1n << bits) - 1n };
  return { min: -(1n << (bits - 1n)), max: (1n << (bits - 1n)) - 1n };
}

/** One object for each, so that they can be told apart quickly. */
const quantities = new WeakMap<ir.Local, Quantity | undefined>();

/** The quantity that a variable is, or of a slice the length; undefined for what is neither. */
function ownQuantity(local: ir.Local): Quantity | undefined {
  if (!quantities.has(local)) quantities.set(local, makeQuantity(local));
  return quantities.get(local);
}

function makeQuantity(local: ir.Local): Quantity | undefined {
  if (local.type.kind === "slice") return { id: `length ${local.id}`, min: 0n, max: LONGEST_SLICE };
  const range = rangeOf(local.type);
  return range === undefined ? undefined : { id: `value ${local.id}`, ...range };
}

/** The quantity of an integer variable. */
export function quantityOf(local: ir.Local): Quantity | undefined {
  return local.type.kind === "slice" ? undefined : ownQuantity(local);
}

/** The quantity that is the length of the slice in a variable. */
export function lengthQuantity(local: ir.Local): Quantity | undefined {
  return local.type.kind === "slice" ? ownQuantity(local) : undefined;
}

/** `node` as a quantity plus a constant; undefined where it is not known to be one. */
export function linear(facts: Facts, node: ir.Expression): Linear | undefined {
  switch (node.op) {
    case "integer":
      return constant(node.value);
    case "local": {
      const quantity = quantityOf(node.local);
      return quantity === undefined ? undefined : { quantity, plus: 0n };
    }
    case "global":
      return constantGlobal(facts, node.global);
    case "cast": {
      const range = rangeOf(node.type);
      return range !== undefined && isWithin(interval(facts, node.operand), range)
        ? linear(facts, node.operand)
        : undefined;
    }
    case "binary":
      return linearBinary(facts, node);
    case "intrinsic": {
      const [argument] = node.arguments_;
      if (argument === undefined) return undefined;
      // What does not fit stops the program, so what comes out is what went in.
      if (node.name === "checked") return linear(facts, argument);
      return node.name === "sliceLength" ? lengthOf(facts, argument) : undefined;
    }
    default:
      return undefined;
  }
}

function constantGlobal(facts: Facts, global: ir.Global): Linear | undefined {
  if (!global.constant || global.initial?.kind !== "expression" || global.initial.value.op === "global")
    return undefined;
  return linear(facts, global.initial.value);
}

function linearBinary(facts: Facts, node: ir.BinaryNode): Linear | undefined {
  if (node.operator !== "+" && node.operator !== "-") return undefined;
  const left = linear(facts, node.left);
  const right = linear(facts, node.right);
  if (left === undefined || right === undefined) return undefined;
  const sum = node.operator === "+" ? addition(left, right) : subtraction(left, right);
  const range = rangeOf(node.type);
  if (sum === undefined || range === undefined) return undefined;
  // A checked operation gives the exact result or none.
  return node.check || isWithin(linearInterval(facts, sum), range) ? sum : undefined;
}

function addition(a: Linear, b: Linear): Linear | undefined {
  if (a.quantity !== ZERO && b.quantity !== ZERO) return undefined;
  return { quantity: a.quantity === ZERO ? b.quantity : a.quantity, plus: a.plus + b.plus };
}

function subtraction(a: Linear, b: Linear): Linear | undefined {
  if (a.quantity.id === b.quantity.id) return constant(a.plus - b.plus);
  return b.quantity === ZERO ? { quantity: a.quantity, plus: a.plus - b.plus } : undefined;
}

/** The length of the slice that `node` gives. */
export function lengthOf(facts: Facts, node: ir.Expression): Linear | undefined {
  switch (node.op) {
    case "local": {
      const quantity = lengthQuantity(node.local);
      return quantity === undefined ? arrayLength(node.type) : { quantity, plus: 0n };
    }
    case "convert":
      return arrayLength(node.operand.type) ?? lengthOf(facts, node.operand);
    case "nonnull":
      return lengthOf(facts, node.operand);
    case "intrinsic":
      return intrinsicLength(facts, node);
    default:
      return arrayLength(node.type);
  }
}

function arrayLength(type: Type): Linear | undefined {
  const storage = type.kind === "reference" ? type.target : type;
  return storage.kind === "array" ? constant(BigInt(storage.length)) : undefined;
}

function intrinsicLength(facts: Facts, node: ir.IntrinsicNode): Linear | undefined {
  const [source, start, end] = node.arguments_;
  if (source === undefined) return undefined;
  switch (node.name) {
    case "stringBytes":
      return source.op === "string" ? constant(BigInt(Buffer.byteLength(source.value))) : undefined;
    case "sliceAt":
      return start !== undefined && isWithin(interval(facts, start), { min: 0n, max: LONGEST_SLICE })
        ? linear(facts, start)
        : undefined;
    case "sliceFrom":
      return start === undefined ? undefined : difference(lengthOf(facts, source), linear(facts, start));
    case "subSlice":
      return start === undefined || end === undefined ? undefined : partLength(facts, start, end);
    default:
      return undefined;
  }
}

/** A part that is cut out at all starts before it ends, so the difference is exact. */
function partLength(facts: Facts, start: ir.Expression, end: ir.Expression): Linear | undefined {
  const more = distance(start, end);
  return more === undefined ? difference(linear(facts, end), linear(facts, start)) : linear(facts, more);
}

function difference(a: Linear | undefined, b: Linear | undefined): Linear | undefined {
  return a === undefined || b === undefined ? undefined : subtraction(a, b);
}

/** What `end` adds to `start`, where it is written as that sum. A wrapped sum is no end of a part, so it is exact. */
function distance(start: ir.Expression, end: ir.Expression): ir.Expression | undefined {
  if (end.op !== "binary" || end.operator !== "+" || start.op !== "local") return undefined;
  const isStart = (node: ir.Expression): boolean => node.op === "local" && node.local.id === start.local.id;
  if (isStart(end.left)) return end.right;
  return isStart(end.right) ? end.left : undefined;
}

export function isWithin(inner: Interval | undefined, outer: Interval): boolean {
  return inner !== undefined && inner.min >= outer.min && inner.max <= outer.max;
}

export function linearInterval(facts: Facts, { quantity, plus }: Linear): Interval {
  if (quantity === ZERO) return { min: plus, max: plus };
  const [min, max] = [facts.lower(quantity), facts.upper(quantity)];
  // Facts contradict each other only where no execution comes.
  return min <= max
    ? { min: min + plus, max: max + plus }
    : { min: quantity.min + plus, max: quantity.max + plus };
}

/** What `node` can be; undefined where it is no integer. */
export function interval(facts: Facts, node: ir.Expression): Interval | undefined {
  const range = rangeOf(node.type);
  if (range === undefined) return undefined;
  const exact = linear(facts, node);
  const found = exact === undefined ? shape(facts, node) : linearInterval(facts, exact);
  // What does not fit has wrapped, and can be anything.
  return found !== undefined && isWithin(found, range) ? found : range;
}

function shape(facts: Facts, node: ir.Expression): Interval | undefined {
  switch (node.op) {
    case "cast":
      return interval(facts, node.operand);
    case "binary": {
      const a = interval(facts, node.left);
      const b = interval(facts, node.right);
      return a === undefined || b === undefined ? undefined : combine(node.operator, a, b, node.type);
    }
    case "conditional": {
      const a = interval(facts, node.then);
      const b = interval(facts, node.otherwise);
      return a === undefined || b === undefined
        ? undefined
        : { min: lesser(a.min, b.min), max: greater(a.max, b.max) };
    }
    case "intrinsic":
      return intrinsicInterval(facts, node);
    default:
      return undefined;
  }
}

const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const greater = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const ofAll = (values: readonly bigint[]): Interval => ({
  min: values.reduce(lesser),
  max: values.reduce(greater),
});

const highestBit = (value: bigint): bigint => BigInt(value.toString(2).length - 1);

/** The exact results of an operator over two intervals; undefined where nothing useful is known. */
export function combine(
  operator: ir.Arithmetic,
  a: Interval,
  right: Interval,
  type: Type,
): Interval | undefined {
  const b = isShift(operator) ? shiftCount(right, type) : right;
  const natural = a.min >= 0n && b.min >= 0n;
  switch (operator) {
    case "+":
      return { min: a.min + b.min, max: a.max + b.max };
    case "-":
      return { min: a.min - b.max, max: a.max - b.min };
    case "*":
      return ofAll([a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max]);
    case "&":
      if (natural) return { min: 0n, max: lesser(a.max, b.max) };
      if (b.min >= 0n) return { min: 0n, max: b.max };
      return a.min >= 0n ? { min: 0n, max: a.max } : undefined;
    case "|":
    case "^": {
      if (!natural) return undefined;
      const bits = highestBit(greater(a.max, b.max)) + 1n;
      return { min: operator === "|" ? greater(a.min, b.min) : 0n, max: (1n << bits) - 1n };
    }
    case "/":
      return natural && b.min > 0n ? { min: a.min / b.max, max: a.max / b.min } : undefined;
    case "%":
      return natural && b.min > 0n ? { min: 0n, max: lesser(a.max, b.max - 1n) } : undefined;
    case ">>":
    case ">>>":
      if (a.min < 0n || b.min < 0n) return undefined;
      return { min: a.min >> b.max, max: a.max >> b.min };
    case "<<":
      return natural ? { min: a.min << b.min, max: a.max << b.max } : undefined;
  }
}

function isShift(operator: ir.Arithmetic): boolean {
  return operator === "<<" || operator === ">>" || operator === ">>>";
}

/** A shift count is taken modulo the width. */
function shiftCount(count: Interval, type: Type): Interval {
  const bits = BigInt(machineInteger(type)?.bits ?? 64);
  if (count.min === count.max)
    return { min: BigInt.asUintN(64, count.min) % bits, max: BigInt.asUintN(64, count.max) % bits };
  return count.min >= 0n && count.max < bits ? count : { min: 0n, max: bits - 1n };
}

function intrinsicInterval(facts: Facts, node: ir.IntrinsicNode): Interval | undefined {
  const width = BigInt((node.about === undefined ? undefined : machineInteger(node.about))?.bits ?? 64);
  const [first, second] = node.arguments_;
  const a = first === undefined ? undefined : interval(facts, first);
  const b = second === undefined ? undefined : interval(facts, second);
  switch (node.name) {
    case "lowestBit":
    case "highestBit":
      // No bit is above the highest of the largest value.
      return { min: 0n, max: a !== undefined && a.min >= 0n ? highestBit(a.max) : width - 1n };
    case "popCount":
      return { min: 0n, max: width };
    case "min":
      return a === undefined || b === undefined
        ? undefined
        : { min: lesser(a.min, b.min), max: lesser(a.max, b.max) };
    case "max":
      return a === undefined || b === undefined
        ? undefined
        : { min: greater(a.min, b.min), max: greater(a.max, b.max) };
    default:
      return undefined;
  }
}
