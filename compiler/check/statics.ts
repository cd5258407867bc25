/** What module-level variables and field initialisers may say: nothing that needs code to run. */
import type * as ir from "../ir/ir.ts";
import { placeOf } from "../source/program.ts";
import ts from "../typescript.ts";
import { carriesOwned } from "../types/contents.ts";
import { show } from "../types/show.ts";
import {
  arrayType,
  sliceType,
  type StorageType,
  structType,
  type StructType,
  type Type,
  valueOf,
  referenceType,
} from "../types/type.ts";
import { type Checker, type Scope, staticScope, type StructInstance, uniqueName } from "./context.ts";
import { fieldsOf, findConstructor, newType } from "./structs.ts";

/** The constant that `node` gives for memory of `type`. */
export function staticValue(checker: Checker, scope: Scope, node: ts.Expression, type: Type): ir.StaticValue {
  if (ts.isParenthesizedExpression(node) || ts.isSatisfiesExpression(node)) {
    return staticValue(checker, scope, node.expression, type);
  }
  if (ts.isNewExpression(node)) return newStatic(checker, scope, node, type);
  if (ts.isArrayLiteralExpression(node)) return listStatic(checker, scope, node, type);
  const value = checker.expression(scope, node, valueOf(type));
  if (!isStaticExpression(value)) throw checker.report.refuse(node, "notConstant", node.getText());
  return { kind: "expression", value };
}

function isStaticExpression(node: ir.Expression): boolean {
  switch (node.op) {
    case "integer":
    case "boolean":
    case "null":
    case "string":
    case "function":
      return true;
    case "global":
      // The address of static storage is a constant; what a variable holds is not.
      return node.global.type.kind === "struct" || node.global.type.kind === "array";
    case "convert":
      return isStaticExpression(node.operand);
    case "makeVariant":
      return node.values.every((entry) => isStaticExpression(entry.value));
    default:
      return false;
  }
}

function newStatic(checker: Checker, scope: Scope, node: ts.NewExpression, type: Type): ir.StaticValue {
  const storage =
    type.kind === "struct" || type.kind === "array" ? type : newType(checker, node, scope.environment);
  if (storage.kind === "array") return zeroed(checker, storage);
  if (storage.kind !== "struct") throw checker.report.refuse(node, "notConstant", node.getText());
  const base = zeroed(checker, storage);
  const constructor_ = constructorAssignments(checker, scope, node, storage);
  if (base.kind !== "struct" || constructor_.length === 0) return base;
  const fields = base.initial.fields.filter((field) => constructor_.every((set) => set.name !== field.name));
  return { kind: "struct", initial: { type: storage, fields: [...fields, ...constructor_] } };
}

/** How storage starts that nobody has given a value: struct fields by their initialisers, the rest zero. */
export function zeroed(checker: Checker, type: Type): ir.StaticValue {
  if (type.kind === "struct") {
    const instance = checker.structOf.get(type.definition);
    if (instance === undefined) throw new Error(`struct ${type.definition.name} was never instantiated`);
    return { kind: "struct", initial: initialOf(checker, instance) };
  }
  if (type.kind === "array") {
    if (type.element.kind === "struct" || type.element.kind === "array") {
      return { kind: "repeat", type, element: zeroed(checker, type.element) };
    }
    return { kind: "array", type, elements: [] };
  }
  throw new Error(`no storage of type ${type.kind}`);
}

/** A constructor that only assigns constants and its arguments to fields is understood at compile time. */
function constructorAssignments(
  checker: Checker,
  scope: Scope,
  node: ts.NewExpression,
  type: StructType,
): { name: string; value: ir.StaticValue }[] {
  const instance = checker.structOf.get(type.definition);
  const constructor_ = instance === undefined ? undefined : findConstructor(instance);
  if (instance === undefined || constructor_?.body === undefined) return [];
  const inner: Scope = { ...scope, environment: instance.environment, constants: new Map(scope.constants) };
  constructor_.parameters.forEach((parameter, i) => {
    const argument = node.arguments?.[i] ?? parameter.initializer;
    const symbol = checker.tsc.getSymbolAtLocation(parameter.name);
    if (argument === undefined || symbol === undefined || parameter.type === undefined) return;
    const parameterType = valueOf(checker.annotation(parameter.type, instance.environment));
    const value = staticValue(checker, scope, argument, parameterType);
    if (value.kind !== "expression") throw checker.report.refuse(argument, "notConstant", argument.getText());
    inner.constants.set(symbol, value.value);
  });
  return constructor_.body.statements.map((statement) => {
    const assignment = ts.isExpressionStatement(statement) ? statement.expression : undefined;
    const isField =
      assignment !== undefined &&
      ts.isBinaryExpression(assignment) &&
      assignment.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isPropertyAccessExpression(assignment.left) &&
      assignment.left.expression.kind === ts.SyntaxKind.ThisKeyword;
    if (!isField) throw checker.report.refuse(node, "notConstant", node.getText());
    const name = assignment.left.name.text;
    const field = type.definition.fields.find((candidate) => candidate.name === name);
    if (field === undefined) throw checker.report.refuse(node, "notConstant", node.getText());
    return { name, value: staticValue(checker, inner, assignment.right, field.type) };
  });
}

function listStatic(
  checker: Checker,
  scope: Scope,
  node: ts.ArrayLiteralExpression,
  type: Type,
): ir.StaticValue {
  const storage: StorageType | undefined =
    type.kind === "array"
      ? type
      : type.kind === "reference" && type.target.kind === "array"
        ? type.target
        : type.kind === "slice"
          ? arrayType(type.element, node.elements.length)
          : undefined;
  if (storage?.kind !== "array") throw checker.report.refuse(node, "listContext", node.getText());
  if (storage.length !== node.elements.length) {
    throw checker.report.silent();
  }
  const elements = node.elements.map((element) => staticValue(checker, scope, element, storage.element));
  const value: ir.StaticValue = { kind: "array", type: storage, elements };
  if (type.kind === "array") return value;
  const global = addGlobal(checker, "list", storage, node, true);
  global.initial = value;
  const reference: ir.Expression = { op: "global", global, type: referenceType(storage) };
  if (type.kind === "reference") return { kind: "expression", value: reference };
  return {
    kind: "expression",
    value: { op: "convert", operand: reference, type: sliceType(storage.element) },
  };
}

/** A new static variable, without its initial value. */
export function addGlobal(
  checker: Checker,
  name: string,
  type: Type,
  node: ts.Node,
  constant: boolean,
): ir.Global {
  const file = node.getSourceFile().fileName.replace(/.*\//, "").replace(/\.ts$/, "");
  const global: ir.Global = {
    cName: uniqueName(checker, `${file}_${name}`),
    name,
    type,
    constant,
    at: placeOf(node),
    initial: undefined,
  };
  checker.program.globals.push(global);
  return global;
}

/** The static variable, or the compile-time constant, that a module-level declaration makes. */
export function moduleVariable(
  checker: Checker,
  declaration: ts.VariableDeclaration,
): { readonly constant: ir.Expression } | { readonly global: ir.Global } {
  const symbol = checker.tsc.getSymbolAtLocation(declaration.name);
  if (symbol === undefined || !ts.isIdentifier(declaration.name)) {
    throw checker.report.refuse(
      declaration,
      "syntaxRefused",
      "destructuring",
      "Name each variable on its own.",
    );
  }
  const known = checker.globals.get(symbol);
  if (known !== undefined) return { global: known };
  const constant = checker.constants.get(symbol);
  if (constant === "pending")
    throw checker.report.refuse(declaration, "constantCycle", declaration.name.text);
  if (constant !== undefined) return { constant };
  const initialiser = declaration.initializer;
  if (initialiser === undefined)
    throw checker.report.refuse(declaration, "staticNotSet", declaration.name.text);
  const isConst = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  const scope = checker.staticScope();
  const annotated =
    declaration.type === undefined
      ? ts.isNewExpression(initialiser)
        ? newType(checker, initialiser, scope.environment)
        : undefined
      : checker.annotation(declaration.type, scope.environment);
  if (
    isConst &&
    (annotated === undefined ||
      annotated.kind === "integer" ||
      annotated.kind === "boolean" ||
      annotated.kind === "enum" ||
      annotated.kind === "string")
  ) {
    checker.constants.set(symbol, "pending");
    try {
      const value = checker.expression(scope, initialiser, annotated);
      if (isStaticExpression(value) && value.op !== "global") {
        checker.constants.set(symbol, value);
        return { constant: value };
      }
    } finally {
      if (checker.constants.get(symbol) === "pending") checker.constants.delete(symbol);
    }
    throw checker.report.refuse(initialiser, "notConstant", initialiser.getText());
  }
  if (annotated === undefined)
    throw checker.report.refuse(declaration, "annotationMissing", "a module-level variable");
  const isList = ts.isArrayLiteralExpression(initialiser) || ts.isNewExpression(initialiser);
  const type = isList ? annotated : valueOf(annotated);
  if (!isConst && (type.kind === "struct" || type.kind === "array")) {
    throw checker.report.refuse(declaration, "staticStorageConst", declaration.name.text);
  }
  if (type.kind === "union" && carriesOwned(type))
    checker.report.refuse(declaration, "ownedInUnion", show(type));
  const global = addGlobal(checker, declaration.name.text, type, declaration, isConst);
  checker.globals.set(symbol, global);
  checker.pending.push(() => {
    checker.report.attempt(() => {
      global.initial = staticValue(checker, scope, initialiser, type);
    });
  });
  return { global };
}

/** How memory of a struct starts: what its field initialisers say, and zero elsewhere. */
export function initialOf(checker: Checker, instance: StructInstance): ir.StorageInitial {
  if (instance.initial !== undefined) return instance.initial;
  const fields: { name: string; value: ir.StaticValue }[] = [];
  const assigned = findConstructor(instance) !== undefined;
  for (const node of fieldsOf(checker, instance.declaration)) {
    const name = node.name.getText();
    const type = instance.definition.fields.find((field) => field.name === name)?.type;
    if (type === undefined) continue;
    if (node.initializer === undefined) {
      if (!assigned || node.exclamationToken !== undefined) {
        checker.report.refuse(node, "fieldNotSet", name);
      }
      continue;
    }
    const value = staticValue(checker, staticScope(instance.environment), node.initializer, type);
    if (!isZero(value)) fields.push({ name, value });
  }
  instance.initial = { type: structType(instance.definition), fields };
  return instance.initial;
}

/** Whether all bytes of a value are zero, so that nothing needs to be written. */
export function isZero(value: ir.StaticValue): boolean {
  switch (value.kind) {
    case "struct":
      return value.initial.fields.length === 0;
    case "array":
      return value.elements.every(isZero);
    case "repeat":
      return isZero(value.element);
    case "expression": {
      const node = value.value;
      if (node.op === "integer") return node.value === 0n;
      if (node.op === "boolean") return !node.value;
      return node.op === "null";
    }
  }
}
