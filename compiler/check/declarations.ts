/** Enums, interfaces and functions: what their declarations say, before any body is looked at. */
import type * as ir from "../ir/ir.ts";
import { documentTags, placeOf } from "../source/program.ts";
import ts from "../typescript.ts";
import {
  type EnumDefinition,
  functionType,
  type FunctionType,
  integerType,
  type IntegerType,
  type InterfaceDefinition,
  type InterfaceMethod,
  referenceType,
  type StructDefinition,
  structType,
  type Type,
  valueOf,
  voidType,
} from "../types/type.ts";
import {
  type Checker,
  type Environment,
  type FunctionLike,
  instanceKey,
  type Scope,
  uniqueName,
} from "./context.ts";

/** A const enum with its members' values and the smallest machine type that holds them. */
export function enumDefinition(checker: Checker, declaration: ts.EnumDeclaration): EnumDefinition {
  const symbol = checker.tsc.getSymbolAtLocation(declaration.name);
  if (symbol === undefined) throw checker.report.refuse(declaration, "typeRefused", declaration.name.text);
  const known = checker.enums.get(symbol);
  if (known !== undefined) return known;
  const isConst = declaration.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ConstKeyword);
  if (isConst !== true) throw checker.report.refuse(declaration, "plainEnum", declaration.name.text);
  const members = new Map<string, bigint>();
  const definition = {
    name: declaration.name.text,
    id: checker.nextId++,
    members,
    representation: integerType(false, 32),
  };
  checker.enums.set(symbol, definition);
  let next = 0n;
  for (const member of declaration.members) {
    const value = member.initializer === undefined ? next : memberValue(checker, member.initializer, members);
    members.set(member.name.getText(), value);
    next = value + 1n;
  }
  definition.representation = representationOf([...members.values()]);
  return definition;
}

/** A member's initialiser may name earlier members, plainly or through the enum, which are known by then. */
function memberValue(checker: Checker, node: ts.Expression, earlier: ReadonlyMap<string, bigint>): bigint {
  if (ts.isIdentifier(node)) {
    const value = earlier.get(node.text);
    if (value !== undefined) return value;
  }
  const value = checker.hinted(checker.staticScope(), node);
  if (value.op !== "integer") throw checker.report.refuse(node, "notConstant", node.getText());
  return value.value;
}

function representationOf(values: readonly bigint[]): IntegerType {
  const candidates = [
    integerType(false, 32),
    integerType(true, 32),
    integerType(false, 64),
    integerType(true, 64),
  ];
  const holdsAll = (type: IntegerType): boolean => values.every((value) => fitsInteger(value, type));
  return candidates.find(holdsAll) ?? integerType(true, 64);
}

/** Whether `value` is one of `type`. */
export function fitsInteger(value: bigint, type: IntegerType): boolean {
  return wrapInteger(value, type) === value;
}

/** `value` truncated to the width of `type`. */
export function wrapInteger(value: bigint, type: IntegerType): bigint {
  return type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value);
}

/** An interface with its type arguments; methods only. */
export function interfaceDefinition(
  checker: Checker,
  declaration: ts.InterfaceDeclaration,
  arguments_: readonly ts.TypeNode[],
  environment: Environment,
): InterfaceDefinition {
  const inner = bindParameters(
    checker,
    declaration.typeParameters,
    arguments_.map((argument) => checker.annotation(argument, environment)),
  );
  const key = instanceKey(declaration, inner.values());
  const known = checker.interfaces.get(key);
  if (known !== undefined) return known;
  const definition: InterfaceDefinition = { name: declaration.name.text, id: checker.nextId++, methods: [] };
  checker.interfaces.set(key, definition);
  if (declaration.heritageClauses !== undefined) {
    throw checker.report.refuse(
      declaration,
      "syntaxRefused",
      "an interface that extends another",
      "List the methods.",
    );
  }
  definition.methods = declaration.members.flatMap((member) => {
    const method = checker.report.attempt(() => interfaceMethod(checker, member, inner));
    return method ?? [];
  });
  return definition;
}

function interfaceMethod(checker: Checker, member: ts.TypeElement, inner: Environment): InterfaceMethod {
  if (!ts.isMethodSignature(member) || member.questionToken !== undefined) {
    throw checker.report.refuse(member, "interfaceMember", member.getText());
  }
  return {
    name: member.name.getText(),
    type: signatureOf(checker, member, inner, "interrupt" in documentTags(member)),
  };
}

/** Type parameters with what they stand for. */
export function bindParameters(
  checker: Checker,
  parameters: readonly ts.TypeParameterDeclaration[] | undefined,
  types: readonly Type[],
): Map<ts.Symbol, Type> {
  const environment = new Map<ts.Symbol, Type>();
  parameters?.forEach((parameter, i) => {
    const symbol = checker.tsc.getSymbolAtLocation(parameter.name);
    const type = types[i];
    if (symbol !== undefined && type !== undefined) environment.set(symbol, type);
  });
  return environment;
}

/** The machine types of a function; what its parameters leave out, `contextual` says. */
export function signatureOf(
  checker: Checker,
  node: ts.SignatureDeclaration,
  environment: Environment,
  interrupt = false,
  contextual?: FunctionType,
): FunctionType {
  const parameters = node.parameters
    .filter((parameter) => parameter.name.getText() !== "this")
    .map((parameter, i) => {
      const given = contextual?.parameters[i];
      if (parameter.dotDotDotToken !== undefined || parameter.questionToken !== undefined) {
        throw checker.report.refuse(parameter, "parameterRefused", parameter.getText());
      }
      if (parameter.type === undefined && given !== undefined) return given;
      if (parameter.type === undefined)
        throw checker.report.refuse(parameter, "annotationMissing", "a parameter");
      return valueOf(checker.annotation(parameter.type, environment));
    });
  if (ts.isConstructorDeclaration(node)) return functionType(parameters, voidType, interrupt);
  if (node.type !== undefined) {
    return functionType(parameters, valueOf(checker.annotation(node.type, environment)), interrupt);
  }
  if (contextual !== undefined) return functionType(parameters, contextual.result, interrupt);
  throw checker.report.refuse(node.name ?? node, "annotationMissing", "a function's result");
}

const effectNames = ["interrupt", "blocks", "allocates"] as const;

/** The function an instance of a declaration stands for; its body is checked later, from the queue. */
export function functionOf(
  checker: Checker,
  declaration: FunctionLike,
  environment: Environment,
  self: StructDefinition | undefined,
  contextual?: FunctionType,
): ir.Function_ {
  const key = instanceKey(declaration, environment.values()) + (contextual?.key ?? "");
  const known = checker.functions.get(key);
  if (known !== undefined) return known;
  const tags = documentTags(declaration);
  const type = signatureOf(checker, declaration, environment, false, contextual);
  const parameters: ir.Local[] = [];
  if (self !== undefined) {
    parameters.push(makeLocal(checker, "this", referenceType(structType(self)), declaration, true));
  }
  const locals = new Map<ts.Symbol, ir.Local>();
  declaration.parameters.forEach((parameter, i) => {
    const symbol = checker.tsc.getSymbolAtLocation(parameter.name);
    const parameterType = type.parameters[i];
    if (!ts.isIdentifier(parameter.name) || symbol === undefined || parameterType === undefined) {
      throw checker.report.refuse(parameter, "parameterRefused", parameter.getText());
    }
    const local = makeLocal(checker, parameter.name.text, parameterType, parameter, false);
    locals.set(symbol, local);
    parameters.push(local);
  });
  const exportName = exportedSymbol(checker, declaration);
  const external = ts.isFunctionDeclaration(declaration) && declaration.body === undefined;
  const name = shownName(declaration, self);
  const made: ir.Function_ = {
    cName: exportName ?? (external ? name : uniqueName(checker, cNameOf(declaration, name))),
    name,
    parameters,
    type,
    at: placeOf(declaration.name ?? declaration),
    effects: new Set(effectNames.filter((effect) => effect in tags)),
    exported: exportName !== undefined,
    external,
    isConstructor: ts.isConstructorDeclaration(declaration),
    body: undefined,
    calls: [],
  };
  checker.functions.set(key, made);
  checker.program.functions.push(made);
  if ("checkHandler" in tags) checker.program.checkHandler = made;
  checker.pending.push(() => {
    checkBody(checker, declaration, made, {
      environment,
      locals,
      constants: new Map(),
      self: self === undefined ? undefined : parameters[0],
      function: made,
      result: type.result,
      targets: [],
      owed: [],
    });
  });
  return made;
}

function checkBody(checker: Checker, declaration: FunctionLike, made: ir.Function_, scope: Scope): void {
  const body = declaration.body;
  if (body === undefined) return;
  if (ts.isBlock(body)) made.body = checker.statements(scope, body.statements);
  else {
    made.body = checker.report.attempt((): ir.Statement[] => {
      const isVoid = scope.result.kind === "void";
      const value = checker.expression(scope, body, isVoid ? undefined : scope.result);
      return [
        isVoid ? { op: "expression", value, at: placeOf(body) } : { op: "return", value, at: placeOf(body) },
      ];
    });
  }
  for (const local of scope.owed) {
    if (local.reads === 0) checker.report.refuseAt(local.at, "resultDropped", local.name);
  }
}

/**
 * The C symbol that a function is known by outside: what its `@export` tag says, or, in a host library, the name of a
 * function that the entry file exports.
 */
export function exportedSymbol(checker: Checker, declaration: FunctionLike): string | undefined {
  const tagged = documentTags(declaration)["export"];
  if (tagged !== undefined) return tagged;
  const isExport =
    ts.isFunctionDeclaration(declaration) &&
    declaration.getSourceFile() === checker.source.entry &&
    declaration.typeParameters === undefined &&
    declaration.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) === true;
  if (!isExport || checker.target !== "host") return undefined;
  const name = declaration.name?.text;
  return name === "main" ? "xl_main" : name;
}

function shownName(declaration: FunctionLike, self: StructDefinition | undefined): string {
  const name = ts.isConstructorDeclaration(declaration)
    ? "constructor"
    : declaration.name === undefined
      ? "(anonymous)"
      : ts.isComputedPropertyName(declaration.name)
        ? "dispose"
        : declaration.name.getText();
  if (self !== undefined) return `${self.name}.${name}`;
  const parent = declaration.parent;
  return ts.isClassDeclaration(parent) ? `${parent.name?.text ?? ""}.${name}` : name;
}

function cNameOf(declaration: FunctionLike, name: string): string {
  if (name.includes(".")) return name.replace(".", "_");
  const file = declaration.getSourceFile().fileName.replace(/.*\//, "").replace(/\.ts$/, "");
  return `${file}_${name.replace(/[()]/g, "")}`;
}

/** A new local variable. */
export function makeLocal(
  checker: Checker,
  name: string,
  type: Type,
  node: ts.Node,
  constant: boolean,
): ir.Local {
  return { name, id: checker.nextId++, type, constant, at: placeOf(node), reads: 0 };
}
