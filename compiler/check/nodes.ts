/** Makers of the nodes that several rooms make. */
import type * as ir from "../ir/ir.ts";
import type ts from "../typescript.ts";
import { canBeNull, constantType, type Type, withNull } from "../types/type.ts";
import type { Checker } from "./context.ts";

/** An integer known at compile time, of a machine type. */
export function integerNode(value: bigint, type: Type): ir.IntegerNode {
  return { op: "integer", type, value };
}
/** An integer known at compile time that has no machine type yet. */
export function constantNode(value: bigint): ir.IntegerNode {
  return integerNode(value, constantType(value));
}

/** The value of a local variable; counted, so that one nobody reads is known. */
export function localNode(local: ir.Local): ir.Expression {
  local.reads++;
  return { op: "local", type: local.type, local };
}

/** A function as a value: from here on a call through a value of its type may reach it. */
export function functionNode(checker: Checker, target: ir.Function_, node: ts.Node): ir.Expression {
  checker.program.functionValues.push({ function: target, type: target.type, at: checker.place(node) });
  return { op: "function", type: target.type, function: target };
}

/** `value` without null; where `check` is set that is looked at when it runs. */
export function nonNull(
  checker: Checker,
  node: ts.Node,
  value: ir.Expression,
  check: boolean,
): ir.Expression {
  if (!canBeNull(value.type) || !value.type.nullable) return value;
  return { op: "nonnull", type: withNull(value.type, false), operand: value, check, at: checker.place(node) };
}

/** One of the language's own operations; the printer knows each by name. */
export function intrinsic(
  checker: Checker,
  node: ts.Node,
  name: string,
  type: Type,
  arguments_: readonly ir.Expression[],
  about?: Type,
  word = "",
): ir.Expression {
  return { op: "intrinsic", type, name, arguments_, about, check: true, word, at: checker.place(node) };
}
