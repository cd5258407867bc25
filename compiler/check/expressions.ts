/** Expressions: which room each goes to; names, literals and narrowing are at home here. */
import type * as ir from "../ir/ir.ts";
import { isAmbient } from "../source/program.ts";
import ts from "../typescript.ts";
import {
  booleanType,
  constantType,
  isNullable,
  nullType,
  stringType,
  type Type,
  valueOf,
} from "../types/type.ts";
import { call } from "./calls.ts";
import type { Checker, Scope } from "./context.ts";
import { convert } from "./convert.ts";
import { enumDefinition } from "./declarations.ts";
import { functionValue, list, newStruct, record } from "./makers.ts";
import { element, memberOf } from "./members.ts";
import { constantNode, functionNode, integerNode, intrinsic, localNode, nonNull } from "./nodes.ts";
import { binary, cast, unary } from "./operators.ts";
import { coalesceNodes, optional } from "./optional.ts";
import { moduleVariable } from "./statics.ts";
import { template } from "./templates.ts";

/** The value of `node`; `hint` is the type that its context would like. */
export function hinted(checker: Checker, scope: Scope, node: ts.Expression, hint?: Type): ir.Expression {
  switch (node.kind) {
    case ts.SyntaxKind.TrueKeyword:
      return { op: "boolean", type: booleanType, value: true };
    case ts.SyntaxKind.FalseKeyword:
      return { op: "boolean", type: booleanType, value: false };
    case ts.SyntaxKind.NullKeyword:
      return { op: "null", type: nullType };
    case ts.SyntaxKind.ThisKeyword:
      return thisReference(checker, scope, node);
  }
  if (ts.isParenthesizedExpression(node) || ts.isSatisfiesExpression(node)) {
    return hinted(checker, scope, node.expression, hint);
  }
  if (ts.isNumericLiteral(node)) return literal(checker, node);
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
    return { op: "string", type: stringType, value: node.text };
  }
  if (ts.isTemplateExpression(node)) return template(checker, scope, node, hint);
  if (ts.isIdentifier(node)) return narrowed(checker, node, identifier(checker, scope, node));
  if (ts.isPropertyAccessExpression(node)) {
    if (node.questionDotToken !== undefined) return optional(checker, scope, node);
    return narrowed(checker, node, property(checker, scope, node));
  }
  if (ts.isElementAccessExpression(node)) return narrowed(checker, node, element(checker, scope, node));
  if (ts.isCallExpression(node)) {
    const isOptional =
      ts.isPropertyAccessExpression(node.expression) && node.expression.questionDotToken !== undefined;
    return isOptional ? optional(checker, scope, node) : call(checker, scope, node, hint);
  }
  if (ts.isNewExpression(node)) return newStruct(checker, scope, node);
  if (ts.isPrefixUnaryExpression(node)) return unary(checker, scope, node, hint);
  if (ts.isPostfixUnaryExpression(node)) throw checker.report.refuse(node, "assignmentValue");
  if (ts.isBinaryExpression(node)) {
    if (node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) {
      return coalesceNodes(checker, scope, node, hint);
    }
    return binary(checker, scope, node, hint);
  }
  if (ts.isConditionalExpression(node)) return conditional(checker, scope, node, hint);
  if (ts.isAsExpression(node)) return cast(checker, scope, node);
  if (ts.isNonNullExpression(node))
    return nonNull(checker, node, hinted(checker, scope, node.expression, hint), true);
  if (ts.isObjectLiteralExpression(node)) return record(checker, scope, node, hint);
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node))
    return functionValue(checker, scope, node, hint);
  if (ts.isArrayLiteralExpression(node)) return list(checker, scope, node, hint);
  throw checker.report.refuse(
    node,
    "syntaxRefused",
    node.getText(),
    "Write it with the operators and calls of the subset.",
  );
}

/** Exact to 64 bits: read from the source text, since the parser's own value went through a double. */
function literal(checker: Checker, node: ts.NumericLiteral): ir.Expression {
  const text = node.getText().replaceAll("_", "");
  if (!/^(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|\d+)$/.test(text)) {
    throw checker.report.refuse(node, "floatingPoint", text);
  }
  const value = BigInt(text);
  if (value >= 1n << 64n) throw checker.report.refuse(node, "constantTooLarge", text, "u64");
  return constantNode(value);
}

function thisReference(checker: Checker, scope: Scope, node: ts.Node): ir.Expression {
  if (scope.self === undefined) {
    throw checker.report.refuse(
      node,
      "syntaxRefused",
      "`this` outside a method",
      "Pass the struct as a parameter.",
    );
  }
  return localNode(scope.self);
}

function identifier(checker: Checker, scope: Scope, node: ts.Identifier): ir.Expression {
  const found =
    ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node
      ? checker.tsc.getShorthandAssignmentValueSymbol(node.parent)
      : checker.tsc.getSymbolAtLocation(node);
  if (found === undefined) throw checker.report.refuse(node, "typeRefused", node.text);
  const symbol = checker.aliased(found);
  const constant = scope.constants.get(symbol);
  if (constant !== undefined) return constant;
  const local = scope.locals.get(symbol);
  if (local !== undefined) return localNode(local);
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined) throw checker.report.refuse(node, "typeRefused", node.text);
  return declared(checker, node, declaration);
}

/** What a name means that is not a local of this function. */
function declared(checker: Checker, node: ts.Expression, declaration: ts.Declaration): ir.Expression {
  if (ts.isEnumMember(declaration)) {
    const definition = enumDefinition(checker, declaration.parent);
    const value = definition.members.get(declaration.name.getText());
    if (value !== undefined) return integerNode(value, constantType(value, definition));
  }
  if (ts.isFunctionDeclaration(declaration) && !isAmbient(declaration)) {
    if (declaration.typeParameters !== undefined) {
      throw checker.report.refuse(node, "genericValue", node.getText());
    }
    return functionNode(checker, checker.functionOf(declaration, new Map(), undefined), node);
  }
  if (isAmbient(declaration) && node.getText() === "buildInfo") {
    return intrinsic(checker, node, "buildInfo", stringType, []);
  }
  if (isAmbient(declaration)) throw checker.report.refuse(node, "notAValue", node.getText());
  if (ts.isVariableDeclaration(declaration)) {
    const isModuleLevel = ts.isSourceFile(declaration.parent.parent.parent);
    if (!isModuleLevel) {
      const owner = ts.findAncestor(declaration, ts.isFunctionLike);
      // A variable whose own declaration was refused has no local; that has been said already.
      if (owner === ts.findAncestor(node, ts.isFunctionLike)) throw checker.report.silent();
      throw checker.report.refuse(node, "capture", node.getText());
    }
    const variable = moduleVariable(checker, declaration);
    if ("constant" in variable) return variable.constant;
    return { op: "global", type: valueOf(variable.global.type), global: variable.global };
  }
  if (ts.isParameter(declaration)) throw checker.report.refuse(node, "capture", node.getText());
  throw checker.report.refuse(node, "notAValue", node.getText());
}

/** TypeScript's narrowing to non-null; along a path that a call may have changed it is checked when it runs. */
function narrowed(checker: Checker, node: ts.Expression, value: ir.Expression): ir.Expression {
  if (!isNullable(value.type)) return value;
  const type = checker.tsc.getTypeAtLocation(node);
  const parts = type.isUnion() ? type.types : [type];
  if (parts.some((part) => (part.flags & (ts.TypeFlags.Null | ts.TypeFlags.TypeParameter)) !== 0))
    return value;
  const isLocal = value.op === "local";
  return nonNull(checker, node, value, !isLocal);
}

function property(checker: Checker, scope: Scope, node: ts.PropertyAccessExpression): ir.Expression {
  const found = checker.tsc.getSymbolAtLocation(node);
  const declaration = found === undefined ? undefined : checker.aliased(found).valueDeclaration;
  const base = found === undefined ? undefined : checker.tsc.getSymbolAtLocation(node.expression);
  const isNamespace =
    base !== undefined && (checker.aliased(base).flags & (ts.SymbolFlags.Module | ts.SymbolFlags.Enum)) !== 0;
  if (declaration !== undefined && isNamespace) return declared(checker, node, declaration);
  return memberOf(checker, scope, node, hinted(checker, scope, node.expression));
}

function conditional(
  checker: Checker,
  scope: Scope,
  node: ts.ConditionalExpression,
  hint?: Type,
): ir.Expression {
  const condition = checker.expression(scope, node.condition, booleanType);
  const then = hinted(checker, scope, node.whenTrue, hint);
  const otherwise = hinted(checker, scope, node.whenFalse, hint);
  let type = hint ?? then.type;
  if (hint === undefined || then.type.key === otherwise.type.key) {
    type = checker.commonType(then.type, otherwise.type, node);
  }
  if (type.kind === "constant") throw checker.report.refuse(node, "widthUnknown", node.getText());
  return {
    op: "conditional",
    type,
    condition,
    then: convert(checker, then, type, node.whenTrue),
    otherwise: convert(checker, otherwise, type, node.whenFalse),
  };
}
