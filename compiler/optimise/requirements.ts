/** What each check asks for, as inequalities. */
import type * as ir from "../ir/ir.ts";
import { extentOf } from "../types/layout.ts";
import type { Type } from "../types/type.ts";
import type { Facts } from "./facts.ts";
import {
  constant,
  interval,
  lengthOf,
  linear,
  type Linear,
  linearInterval,
  machineInteger,
  rangeOf,
} from "./values.ts";

/** `smaller ≤ larger`; where a side is no quantity plus a constant, its bound may still do. */
export interface Requirement {
  readonly smaller: Linear | undefined;
  readonly larger: Linear | undefined;
  readonly smallerMax: bigint | undefined;
  readonly largerMin: bigint | undefined;
}

/** What must hold for the check of `node` to pass; undefined where it has none that could be proved. */
export function provable(facts: Facts, node: ir.Expression): readonly Requirement[] | undefined {
  if (node.op === "element") return [below(facts, node.index, 1n, lengthOf(facts, node.base))];
  return node.op === "intrinsic" ? intrinsicRequirements(facts, node) : undefined;
}

function intrinsicRequirements(facts: Facts, node: ir.IntrinsicNode): readonly Requirement[] | undefined {
  const [first, second, third] = node.arguments_;
  if (first === undefined) return undefined;
  const length = (): Linear | undefined => lengthOf(facts, first);
  switch (node.name) {
    case "readBytes":
    case "writeBytes": {
      const size = node.about === undefined ? undefined : BigInt(extentOf(node.about).size);
      return second === undefined || size === undefined ? undefined : [below(facts, second, size, length())];
    }
    case "sliceFrom":
      return second === undefined ? undefined : [below(facts, second, 0n, length())];
    case "subSlice":
      if (second === undefined || third === undefined) return undefined;
      return [between(facts, second, 0n, third), below(facts, third, 0n, length())];
    case "sliceCopy":
      return second === undefined ? undefined : [requirement(facts, lengthOf(facts, second), length())];
    case "sharedAt": {
      const size = node.about?.kind === "array" ? constant(BigInt(node.about.length)) : undefined;
      return second === undefined ? undefined : [below(facts, second, 1n, size)];
    }
    case "lowestBit":
    case "highestBit":
      return [isNotZero(facts, first)];
    case "checked":
      return node.about === undefined ? undefined : fits(facts, first, node.about);
    default:
      return undefined;
  }
}

/** `node + more ≤ limit` */
function below(facts: Facts, node: ir.Expression, more: bigint, limit: Linear | undefined): Requirement {
  const exact = linear(facts, node);
  const smaller = exact === undefined ? undefined : { quantity: exact.quantity, plus: exact.plus + more };
  const max = interval(facts, node)?.max;
  return {
    smaller,
    larger: limit,
    smallerMax: max === undefined ? undefined : max + more,
    largerMin: minimum(facts, limit),
  };
}

/** `a + more ≤ b` */
function between(facts: Facts, a: ir.Expression, more: bigint, b: ir.Expression): Requirement {
  return { ...below(facts, a, more, linear(facts, b)), largerMin: interval(facts, b)?.min };
}

function requirement(facts: Facts, smaller: Linear | undefined, larger: Linear | undefined): Requirement {
  const max = smaller === undefined ? undefined : linearInterval(facts, smaller).max;
  return { smaller, larger, smallerMax: max, largerMin: minimum(facts, larger) };
}

/** A bit can only be looked for in a number that is not 0. Of unsigned numbers that is one bound. */
function isNotZero(facts: Facts, node: ir.Expression): Requirement {
  const range = interval(facts, node);
  const isNegative = range !== undefined && range.max < 0n;
  const isUnsigned = machineInteger(node.type)?.signed === false;
  return {
    smaller: constant(1n),
    larger: isUnsigned ? linear(facts, node) : undefined,
    smallerMax: 1n,
    largerMin: isNegative ? 1n : range?.min,
  };
}

/** `checked<T>(node)`: both ends of the type. */
function fits(facts: Facts, node: ir.Expression, type: Type): readonly Requirement[] | undefined {
  const range = rangeOf(type);
  const found = interval(facts, node);
  if (range === undefined) return undefined;
  const exact = linear(facts, node);
  return [
    { smaller: constant(range.min), larger: exact, smallerMax: range.min, largerMin: found?.min },
    { smaller: exact, larger: constant(range.max), smallerMax: found?.max, largerMin: range.max },
  ];
}

function minimum(facts: Facts, value: Linear | undefined): bigint | undefined {
  return value === undefined ? undefined : linearInterval(facts, value).min;
}

/** Whether `smaller ≤ larger` follows. */
export function holds(facts: Facts, { smaller, larger, smallerMax, largerMin }: Requirement): boolean {
  if (smallerMax !== undefined && largerMin !== undefined && smallerMax <= largerMin) return true;
  if (smaller === undefined || larger === undefined) return false;
  const bound = facts.bound(smaller.quantity, larger.quantity);
  return bound !== undefined && bound <= larger.plus - smaller.plus;
}
