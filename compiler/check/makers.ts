/** What makes values and memory: object literals, `new`, function expressions and array literals. */
import type * as ir from "../ir/ir.ts";
import { functionType, referenceType, sliceType, type Type, type UnionDefinition } from "../types/type.ts";
import ts from "../typescript.ts";
import { withLets } from "./arguments.ts";
import { functionNode } from "./nodes.ts";
import { constructorCall } from "./calls.ts";
import type { Checker, FunctionLike, Scope } from "./context.ts";
import { zeroed } from "./statics.ts";
import { newType } from "./structs.ts";

/** An object literal of a value type that its context names. */
export function record(
  checker: Checker,
  scope: Scope,
  node: ts.ObjectLiteralExpression,
  hint?: Type,
): ir.Expression {
  if (hint?.kind !== "union") throw checker.report.refuse(node, "recordContext", node.getText());
  const union = hint.definition;
  const properties = new Map<string, ts.Expression>();
  for (const entry of node.properties) {
    if (ts.isPropertyAssignment(entry)) properties.set(entry.name.getText(), entry.initializer);
    else if (ts.isShorthandPropertyAssignment(entry)) properties.set(entry.name.text, entry.name);
    else throw checker.report.refuse(entry, "syntaxRefused", entry.getText(), "Write `name: value`.");
  }
  const variant = variantOf(checker, scope, node, union, properties);
  const fields = union.variants[variant]?.fields ?? [];
  const values = fields.flatMap((field) => {
    const value = properties.get(field.name);
    if (value === undefined || field.type.kind === "void") return [];
    return [{ field: field.name, value: checker.expression(scope, value, field.type) }];
  });
  return { op: "makeVariant", type: hint, union, variant, values };
}

function variantOf(
  checker: Checker,
  scope: Scope,
  node: ts.Node,
  union: UnionDefinition,
  properties: ReadonlyMap<string, ts.Expression>,
): number {
  if (union.discriminant === undefined) return 0;
  const tag = properties.get(union.discriminant);
  if (tag === undefined) throw checker.report.refuse(node, "recordContext", node.getText());
  const value = checker.hinted(scope, tag);
  const literal =
    value.op === "string" || value.op === "boolean" || value.op === "integer" ? value.value : undefined;
  const variant = union.variants.findIndex((candidate) => candidate.tag === literal);
  if (variant < 0) throw checker.report.refuse(tag, "recordContext", node.getText());
  return variant;
}

/** `new` makes a struct in the frame; so it stands only where its lifetime is plain. */
export function newStruct(checker: Checker, scope: Scope, node: ts.NewExpression): ir.Expression {
  const storage = newType(checker, node, scope.environment);
  const parent = node.parent;
  const isConstVariable =
    ts.isVariableDeclaration(parent) &&
    (parent.parent.flags & (ts.NodeFlags.Const | ts.NodeFlags.Using)) !== 0;
  const isArgument =
    (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression !== node;
  if (!isConstVariable && !isArgument) throw checker.report.refuse(node, "newPlace", node.getText());
  if (storage.kind !== "struct" && storage.kind !== "array") throw checker.report.silent();
  const initial = zeroed(checker, storage);
  const { constructor_, arguments_, lets } = constructorCall(checker, scope, node, storage);
  const start: ir.StorageInitial =
    initial.kind === "struct" ? initial.initial : { type: storage, fields: [] };
  return withLets(lets, {
    op: "new",
    at: checker.place(node),
    type: referenceType(storage),
    storage: initial.kind === "repeat" ? { type: storage, fields: [{ name: "", value: initial }] } : start,
    constructor_,
    arguments_,
  });
}

/** A function expression; it may capture nothing. */
export function functionValue(
  checker: Checker,
  scope: Scope,
  node: FunctionLike & ts.Expression,
  hint?: Type,
): ir.Expression {
  const contextual = hint?.kind === "function" ? functionType(hint.parameters, hint.result) : undefined;
  const target = checker.functionOf(node, scope.environment, undefined, contextual);
  return functionNode(checker, target, node);
}

/** An array literal in a function: memory in the frame, filled from left to right. */
export function list(
  checker: Checker,
  scope: Scope,
  node: ts.ArrayLiteralExpression,
  hint?: Type,
): ir.Expression {
  const array = hint?.kind === "reference" && hint.target.kind === "array" ? hint.target : undefined;
  const element = hint?.kind === "slice" ? hint.element : array?.element;
  if (element === undefined || element.kind === "struct" || element.kind === "array") {
    throw checker.report.refuse(node, "listContext", node.getText());
  }
  if (array !== undefined && array.length !== node.elements.length) {
    throw checker.report.silent();
  }
  const elements = node.elements.map((item) => checker.expression(scope, item, element));
  const type = array === undefined ? sliceType(element) : referenceType(array);
  return { op: "list", type, element, elements };
}
