/** Expressions: names, literals, members and everything that is not an operator or a call. */
import type * as ir from "../ir/ir.ts";
import { isAmbient } from "../source/program.ts";
import ts from "../typescript.ts";
import { show } from "../types/show.ts";
import {
  booleanType,
  canBeNull,
  constantType,
  functionType,
  isNullable,
  nullType,
  referenceType,
  sharedType,
  sliceType,
  stringType,
  type StructType,
  type Type,
  u64,
  type UnionDefinition,
  valueOf,
  withNull,
} from "../types/type.ts";
import { call, constructorCall, getterCall } from "./calls.ts";
import type { Checker, FunctionLike, Scope } from "./context.ts";
import { convert } from "./convert.ts";
import { enumDefinition, makeLocal } from "./declarations.ts";
import { constantNode, integerNode, intrinsic, localNode, nonNull } from "./nodes.ts";
import { binary, cast, coalesce, unary } from "./operators.ts";
import { moduleVariable, zeroed } from "./statics.ts";
import { findMember, newType } from "./structs.ts";
import { template } from "./templates.ts";
import { possibleVariants } from "./unions.ts";

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
  return declared(checker, scope, node, declaration);
}

/** What a name means that is not a local of this function. */
function declared(
  checker: Checker,
  scope: Scope,
  node: ts.Expression,
  declaration: ts.Declaration,
): ir.Expression {
  if (ts.isEnumMember(declaration)) {
    const definition = enumDefinition(checker, declaration.parent);
    const value = definition.members.get(declaration.name.getText());
    if (value !== undefined) return integerNode(value, constantType(value, definition));
  }
  if (ts.isFunctionDeclaration(declaration) && !isAmbient(declaration)) {
    if (declaration.typeParameters !== undefined) {
      throw checker.report.refuse(node, "genericValue", node.getText());
    }
    const target = checker.functionOf(declaration, new Map(), undefined);
    return { op: "function", type: target.type, function: target };
  }
  if (isAmbient(declaration) && node.getText() === "buildInfo") {
    return intrinsic(checker, node, "buildInfo", stringType, []);
  }
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
  if (declaration !== undefined && isNamespace) return declared(checker, scope, node, declaration);
  return memberOf(checker, scope, node, hinted(checker, scope, node.expression));
}

/** `base.name` for a base that has been evaluated. */
function memberOf(
  checker: Checker,
  scope: Scope,
  node: ts.PropertyAccessExpression,
  base: ir.Expression,
): ir.Expression {
  const type = base.type;
  const name = node.name.text;
  if (type.kind === "reference" && type.target.kind === "struct") {
    return fieldOf(checker, scope, node, base, type.target);
  }
  if (type.kind === "reference" && type.target.kind === "array" && name === "length") {
    return constantNode(BigInt(type.target.length));
  }
  if (type.kind === "slice" && name === "length") {
    return intrinsic(checker, node, "sliceLength", u64, [base]);
  }
  if (type.kind === "union") return unionField(checker, node, base, type.definition);
  if (type.kind === "pointer" && name === "address")
    return intrinsic(checker, node, "addressOf", u64, [base]);
  if (type.kind === "pointer" && name === "target") {
    if (type.target.kind !== "struct" && type.target.kind !== "array") {
      throw checker.report.refuse(node, "expectedType", "a pointer to a struct", show(type));
    }
    return intrinsic(checker, node, "pointerTarget", referenceType(type.target), [base]);
  }
  if (type.kind === "shared") return sharedMember(checker, node, base, type.target);
  throw checker.report.refuse(node.name, "noMember", name, show(type));
}

function sharedMember(
  checker: Checker,
  node: ts.PropertyAccessExpression,
  base: ir.Expression,
  target: Type,
): ir.Expression {
  const name = node.name.text;
  if (target.kind === "array" && name === "length") return constantNode(BigInt(target.length));
  const field = target.kind === "struct" ? target.definition.fields.find((f) => f.name === name) : undefined;
  if (field === undefined || target.kind !== "struct")
    throw checker.report.refuse(node.name, "noMember", name, show(base.type));
  return { op: "sharedField", type: sharedType(field.type), base, struct: target.definition, field: name };
}

function fieldOf(
  checker: Checker,
  scope: Scope,
  node: ts.PropertyAccessExpression,
  base: ir.Expression,
  struct: StructType,
): ir.Expression {
  const name = node.name.text;
  const field = struct.definition.fields.find((candidate) => candidate.name === name);
  if (field !== undefined) {
    const embedded = field.type.kind === "struct" || field.type.kind === "array";
    return { op: "field", type: valueOf(field.type), base, struct: struct.definition, field: name, embedded };
  }
  const instance = checker.structOf.get(struct.definition);
  const member = instance === undefined ? undefined : findMember(instance, name);
  if (instance !== undefined && member !== undefined && ts.isGetAccessorDeclaration(member)) {
    return getterCall(checker, scope, node, instance, member, base);
  }
  if (member !== undefined) throw checker.report.refuse(node, "methodValue", name);
  throw checker.report.silent();
}

function unionField(
  checker: Checker,
  node: ts.PropertyAccessExpression,
  base: ir.Expression,
  union: UnionDefinition,
): ir.Expression {
  const name = node.name.text;
  if (name === union.discriminant && union.discriminantType !== undefined) {
    return { op: "tag", type: union.discriminantType, base, union };
  }
  const variants = possibleVariants(checker, node.expression, union);
  const reads = variants.map((variant): { variant: number; read: ir.Expression } => {
    const field = union.variants[variant]?.fields.find((candidate) => candidate.name === name);
    if (field === undefined) throw checker.report.refuse(node, "noMember", name, union.name);
    const check = union.discriminant !== undefined && base.op !== "local";
    const at = checker.place(node);
    return {
      variant,
      read: { op: "variantField", type: field.type, base, union, variant, field: name, check, at },
    };
  });
  const [first, ...others] = reads;
  if (first === undefined) throw checker.report.refuse(node, "noMember", name, union.name);
  return others.reduce<ir.Expression>(
    (otherwise, { variant, read }) => ({
      op: "conditional",
      type: read.type,
      condition: { op: "variantTest", type: booleanType, base, union, variants: [variant] },
      then: read,
      otherwise,
    }),
    first.read,
  );
}

function element(checker: Checker, scope: Scope, node: ts.ElementAccessExpression): ir.Expression {
  const base = hinted(checker, scope, node.expression);
  const elementType =
    base.type.kind === "slice"
      ? base.type.element
      : base.type.kind === "reference" && base.type.target.kind === "array"
        ? base.type.target.element
        : undefined;
  if (elementType === undefined) throw checker.report.refuse(node, "notIndexable", show(base.type));
  const index = convert(
    checker,
    hinted(checker, scope, node.argumentExpression, u64),
    u64,
    node.argumentExpression,
  );
  const length =
    base.type.kind === "reference" && base.type.target.kind === "array" ? base.type.target.length : undefined;
  if (index.op === "integer" && length !== undefined && index.value >= BigInt(length)) {
    throw checker.report.refuse(
      node.argumentExpression,
      "indexOutOfBounds",
      String(index.value),
      String(length),
    );
  }
  const embedded = elementType.kind === "struct" || elementType.kind === "array";
  return {
    op: "element",
    type: valueOf(elementType),
    base,
    index,
    embedded,
    check: true,
    at: checker.place(node),
  };
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

/** `a?.b` and `a?.f()`: null where `a` is. */
function optional(
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
  const value = hinted(checker, scope, access.expression);
  if (!canBeNull(value.type)) throw checker.report.refuse(node, "notNullable", show(value.type));
  const local = makeLocal(checker, "maybe", withNull(value.type, true), node, true);
  const base = nonNull(checker, node, { op: "local", type: local.type, local }, false);
  const body = ts.isCallExpression(node)
    ? call(checker, scope, node, undefined, base)
    : memberOf(checker, scope, access, base);
  return { local, value, body };
}

function coalesceNodes(
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
  const otherwise = convert(checker, hinted(checker, scope, node.right, body.type), body.type, node.right);
  return intrinsicLet(local, value, {
    op: "conditional",
    type: body.type,
    condition: isNull(local),
    then: otherwise,
    otherwise: body,
  });
}

/** An object literal of a value type that its context names. */
function record(
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
  const value = hinted(checker, scope, tag);
  const literal =
    value.op === "string" || value.op === "boolean" || value.op === "integer" ? value.value : undefined;
  const variant = union.variants.findIndex((candidate) => candidate.tag === literal);
  if (variant < 0) throw checker.report.refuse(tag, "recordContext", node.getText());
  return variant;
}

/** `new` makes a struct in the frame; so it stands only where its lifetime is plain. */
function newStruct(checker: Checker, scope: Scope, node: ts.NewExpression): ir.Expression {
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
  const { constructor_, arguments_ } = constructorCall(checker, scope, node, storage);
  const start: ir.StorageInitial =
    initial.kind === "struct" ? initial.initial : { type: storage, fields: [] };
  return {
    op: "new",
    at: checker.place(node),
    type: referenceType(storage),
    storage: initial.kind === "repeat" ? { type: storage, fields: [{ name: "", value: initial }] } : start,
    constructor_,
    arguments_,
  };
}

function functionValue(
  checker: Checker,
  scope: Scope,
  node: FunctionLike & ts.Expression,
  hint?: Type,
): ir.Expression {
  const contextual = hint?.kind === "function" ? functionType(hint.parameters, hint.result) : undefined;
  const target = checker.functionOf(node, scope.environment, undefined, contextual);
  return { op: "function", type: target.type, function: target };
}

/** An array literal in a function: a temporary in the frame. */
function list(checker: Checker, scope: Scope, node: ts.ArrayLiteralExpression, hint?: Type): ir.Expression {
  if (hint?.kind !== "slice") throw checker.report.refuse(node, "listContext", node.getText());
  const elementType = hint.element;
  if (elementType.kind === "struct" || elementType.kind === "array") {
    throw checker.report.refuse(node, "listContext", node.getText());
  }
  const elements = node.elements.map((item) => checker.expression(scope, item, elementType));
  return { op: "list", type: sliceType(elementType), element: elementType, elements };
}
