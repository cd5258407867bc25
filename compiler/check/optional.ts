/** `a?.b`, `a?.f()`, and what `??` makes of them. */
import type * as ir from "../ir/ir.ts";
import { show } from "../types/show.ts";
import { booleanType, canBeNull, type Type, withNull } from "../types/type.ts";
import ts from "../typescript.ts";
import { call } from "./calls.ts";
import type { Checker, Scope } from "./context.ts";
import { convert } from "./convert.ts";
import { makeLocal } from "./declarations.ts";
import { memberOf } from "./members.ts";
import { nonNull } from "./nodes.ts";
import { coalesce } from "./operators.ts";

/** `a?.b` and `a?.f()`: null where `a` is. */
export function optional(
  checker: Checker,
  scope: Scope,
  node: ts.PropertyAccessExpression | ts.CallExpression,
): ir.Expression {
  const { local, value, body } = optionalParts(checker, scope, node);
  const test = isNull(local);
  if (body.type.kind === "void") {
    return intrinsicLet(local, value, {
      op: "conditional",
      type: body.type,
      condition: test,
      then: { op: "null", type: body.type },
      otherwise: body,
    });
  }
  if (!canBeNull(body.type)) throw checker.report.refuse(node, "notNullable", show(body.type));
  const type = withNull(body.type, true);
  return intrinsicLet(local, value, {
    op: "conditional",
    type,
    condition: test,
    then: { op: "null", type },
    otherwise: convert(checker, body, type, node),
  });
}

function intrinsicLet(local: ir.Local, value: ir.Expression, body: ir.Expression): ir.Expression {
  return { op: "letIn", type: body.type, local, value, body };
}

function isNull(local: ir.Local): ir.Expression {
  return {
    op: "compare",
    type: booleanType,
    operator: "===",
    left: { op: "local", type: local.type, local },
    right: { op: "null", type: local.type },
  };
}

function optionalParts(
  checker: Checker,
  scope: Scope,
  node: ts.PropertyAccessExpression | ts.CallExpression,
): { readonly local: ir.Local; readonly value: ir.Expression; readonly body: ir.Expression } {
  const access = ts.isCallExpression(node) ? node.expression : node;
  if (!ts.isPropertyAccessExpression(access) || access.questionDotToken === undefined) {
    throw checker.report.refuse(
      node,
      "syntaxRefused",
      "a longer optional chain",
      "Test the first part for null.",
    );
  }
  const value = checker.hinted(scope, access.expression);
  if (!canBeNull(value.type)) throw checker.report.refuse(node, "notNullable", show(value.type));
  const local = makeLocal(checker, "maybe", withNull(value.type, true), node, true);
  const base = nonNull(checker, node, { op: "local", type: local.type, local }, false);
  const body = ts.isCallExpression(node)
    ? call(checker, scope, node, undefined, base)
    : memberOf(checker, scope, access, base);
  return { local, value, body };
}

/** `left ?? right`, where `left` may be an optional chain whose value has no room for null. */
export function coalesceNodes(
  checker: Checker,
  scope: Scope,
  node: ts.BinaryExpression,
  hint?: Type,
): ir.Expression {
  const left = node.left;
  const isChain =
    (ts.isPropertyAccessExpression(left) || ts.isCallExpression(left)) && ts.isOptionalChain(left);
  if (!isChain) return coalesce(checker, scope, node, hint);
  const { local, value, body } = optionalParts(checker, scope, left);
  if (canBeNull(body.type) && body.type.nullable) return coalesce(checker, scope, node, hint);
  const otherwise = convert(checker, checker.hinted(scope, node.right, body.type), body.type, node.right);
  return intrinsicLet(local, value, {
    op: "conditional",
    type: body.type,
    condition: isNull(local),
    then: otherwise,
    otherwise: body,
  });
}
