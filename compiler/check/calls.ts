/** Calls: of functions, methods, function values and interfaces; type arguments are inferred here. */
import type * as ir from "../ir/ir.ts";
import { isAmbient } from "../source/program.ts";
import ts from "../typescript.ts";
import { show } from "../types/show.ts";
import type { InterfaceType, StorageType, Type } from "../types/type.ts";
import { argumentsOf, type Let, withLets } from "./arguments.ts";
import { builtInMethod } from "./builtins.ts";
import {
  type Checker,
  type Environment,
  type FunctionLike,
  type Scope,
  type StructInstance,
} from "./context.ts";
import { bindParameters } from "./declarations.ts";
import { inferParameters } from "./inference.ts";
import { intrinsicCall } from "./intrinsics.ts";
import { findConstructor, findMember, methodOf } from "./structs.ts";

/** The call at `node`; `base` is the receiver where it has been evaluated already. */
export function call(
  checker: Checker,
  scope: Scope,
  node: ts.CallExpression,
  hint?: Type,
  base?: ir.Expression,
): ir.Expression {
  const callee = node.expression;
  const found = checker.tsc.getSymbolAtLocation(callee);
  const declaration = found === undefined ? undefined : checker.aliased(found).valueDeclaration;
  if (declaration !== undefined && ts.isFunctionDeclaration(declaration)) {
    if (isAmbient(declaration))
      return intrinsicCall(checker, scope, node, declaration.name?.text ?? "", hint);
    const environment = typeArguments(checker, scope, node, declaration, new Map());
    return directCall(
      checker,
      scope,
      node,
      checker.functionOf(declaration, environment, undefined),
      declaration,
      [],
    );
  }
  const isStaticMethod =
    declaration !== undefined &&
    ts.isMethodDeclaration(declaration) &&
    (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Static) !== 0;
  if (isStaticMethod) {
    const environment = typeArguments(checker, scope, node, declaration, new Map());
    return directCall(
      checker,
      scope,
      node,
      checker.functionOf(declaration, environment, undefined),
      declaration,
      [],
    );
  }
  if (ts.isElementAccessExpression(callee) && callee.argumentExpression.getText() === "Symbol.dispose") {
    return methodCall(
      checker,
      scope,
      node,
      checker.hinted(scope, callee.expression),
      "[Symbol.dispose]",
      hint,
    );
  }
  if (ts.isPropertyAccessExpression(callee) && !isNamespaceMember(checker, callee)) {
    const receiver = base ?? checker.hinted(scope, callee.expression);
    return methodCall(checker, scope, node, receiver, callee.name.text, hint);
  }
  return valueCall(checker, scope, node, checker.hinted(scope, callee));
}

function isNamespaceMember(checker: Checker, node: ts.PropertyAccessExpression): boolean {
  const symbol = checker.tsc.getSymbolAtLocation(node.expression);
  return symbol !== undefined && (checker.aliased(symbol).flags & ts.SymbolFlags.Module) !== 0;
}

function methodCall(
  checker: Checker,
  scope: Scope,
  node: ts.CallExpression,
  receiver: ir.Expression,
  name: string,
  hint?: Type,
): ir.Expression {
  const type = receiver.type;
  if (type.kind === "interface") return interfaceCall(checker, scope, node, receiver, type, name);
  if (type.kind === "reference" && type.target.kind === "struct") {
    const instance = checker.structOf.get(type.target.definition);
    const member = instance === undefined ? undefined : findMember(instance, name);
    if (instance !== undefined && member !== undefined && ts.isMethodDeclaration(member)) {
      const own = typeArguments(checker, scope, node, member, instance.environment);
      const method = methodOf(checker, instance, member, own);
      return directCall(checker, scope, node, method, member, [receiver]);
    }
    return valueCall(checker, scope, node, checker.hinted(scope, node.expression));
  }
  if (type.kind === "union") return valueCall(checker, scope, node, checker.hinted(scope, node.expression));
  return builtInMethod(checker, scope, node, receiver, name, hint);
}

function directCall(
  checker: Checker,
  scope: Scope,
  node: ts.CallExpression,
  target: ir.Function_,
  declaration: FunctionLike,
  receiver: readonly ir.Expression[],
): ir.Expression {
  const given = argumentsOf(checker, scope, node, node.arguments, target.type, declaration);
  note(checker, scope, node, { kind: "function", function: target });
  return withLets(given.lets, {
    op: "call",
    at: checker.place(node),
    type: target.type.result,
    function: target,
    arguments_: [...receiver, ...given.values],
  });
}

function valueCall(
  checker: Checker,
  scope: Scope,
  node: ts.CallExpression,
  callee: ir.Expression,
): ir.Expression {
  if (callee.type.kind !== "function" || callee.type.nullable)
    throw checker.report.refuse(node.expression, "notCallable", show(callee.type));
  const given = argumentsOf(checker, scope, node, node.arguments, callee.type);
  if (callee.op === "function") {
    note(checker, scope, node, { kind: "function", function: callee.function });
    return {
      op: "call",
      at: checker.place(node),
      type: callee.type.result,
      function: callee.function,
      arguments_: given.values,
    };
  }
  note(checker, scope, node, { kind: "value", type: callee.type });
  return {
    op: "callValue",
    at: checker.place(node),
    type: callee.type.result,
    callee,
    arguments_: given.values,
  };
}

function interfaceCall(
  checker: Checker,
  scope: Scope,
  node: ts.CallExpression,
  receiver: ir.Expression,
  type: InterfaceType,
  name: string,
): ir.Expression {
  const method = type.definition.methods.find((candidate) => candidate.name === name);
  // TypeScript knows every member; one that is missing here was refused where it is declared.
  if (method === undefined) throw checker.report.silent();
  const given = argumentsOf(checker, scope, node, node.arguments, method.type);
  note(checker, scope, node, { kind: "method", interface: type.definition, method: name });
  return {
    op: "callMethod",
    at: checker.place(node),
    type: method.type.result,
    receiver,
    interface: type.definition,
    method: name,
    arguments_: given.values,
  };
}

function note(checker: Checker, scope: Scope, node: ts.Node, to: ir.Call["to"]): void {
  scope.function?.calls.push({ at: checker.place(node), to });
}

/** The environment for a generic callee: what is written, else what the arguments' types say. */
function typeArguments(
  checker: Checker,
  scope: Scope,
  node: ts.CallExpression,
  declaration: ts.FunctionDeclaration | ts.MethodDeclaration,
  outer: Environment,
): Environment {
  const parameters = declaration.typeParameters;
  if (parameters === undefined || parameters.length === 0) return outer;
  if (node.typeArguments !== undefined) {
    const types = node.typeArguments.map((argument) => checker.annotation(argument, scope.environment));
    return new Map([...outer, ...bindParameters(checker, parameters, types)]);
  }
  const inferred = inferParameters(checker, scope, node, declaration);
  for (const parameter of parameters) {
    const symbol = checker.tsc.getSymbolAtLocation(parameter.name);
    if (symbol === undefined || !inferred.has(symbol)) {
      throw checker.report.refuse(node, "notInferred", parameter.name.text);
    }
  }
  return new Map([...outer, ...inferred]);
}

/** Reading a property that has a getter. */
export function getterCall(
  checker: Checker,
  scope: Scope,
  node: ts.Node,
  instance: StructInstance,
  member: ts.GetAccessorDeclaration,
  base: ir.Expression,
): ir.Expression {
  const getter = methodOf(checker, instance, member);
  note(checker, scope, node, { kind: "function", function: getter });
  return {
    op: "call",
    at: checker.place(node),
    type: getter.type.result,
    function: getter,
    arguments_: [base],
  };
}

/** What `new` calls, with which arguments. */
export function constructorCall(
  checker: Checker,
  scope: Scope,
  node: ts.NewExpression,
  storage: StorageType,
): {
  readonly constructor_: ir.Function_ | undefined;
  readonly arguments_: readonly ir.Expression[];
  readonly lets: readonly Let[];
} {
  const instance = storage.kind === "struct" ? checker.structOf.get(storage.definition) : undefined;
  const declaration = instance === undefined ? undefined : findConstructor(instance);
  if (instance === undefined || declaration === undefined)
    return { constructor_: undefined, arguments_: [], lets: [] };
  const constructor_ = methodOf(checker, instance, declaration);
  note(checker, scope, node, { kind: "function", function: constructor_ });
  const given = argumentsOf(checker, scope, node, node.arguments ?? [], constructor_.type, declaration);
  return { constructor_, arguments_: given.values, lets: given.lets };
}
