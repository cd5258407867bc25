/** Type arguments that a call leaves out, read off the types of its arguments. */
import ts from "../typescript.ts";
import { constantType, type Type } from "../types/type.ts";
import { type Checker, type Scope, symbolOf } from "./context.ts";

/** The type parameters that the arguments settle; one that they do not is missing. */
export function inferParameters(
  checker: Checker,
  scope: Scope,
  node: ts.CallExpression,
  declaration: ts.FunctionDeclaration | ts.MethodDeclaration,
): Map<ts.Symbol, Type> {
  const wanted = new Set(
    (declaration.typeParameters ?? []).map((parameter) => checker.tsc.getSymbolAtLocation(parameter.name)),
  );
  const found = new Map<ts.Symbol, Type>();
  declaration.parameters.forEach((parameter, i) => {
    const argument = node.arguments[i];
    // A function without annotations learns its types from the parameters that the others settle.
    if (argument === undefined || parameter.type === undefined || ts.isArrowFunction(argument)) return;
    const value = checker.hinted(scope, argument);
    infer(checker, parameter.type, value.type, wanted, found);
  });
  return found;
}

function infer(
  checker: Checker,
  pattern: ts.TypeNode,
  type: Type,
  wanted: ReadonlySet<ts.Symbol | undefined>,
  found: Map<ts.Symbol, Type>,
): void {
  if (ts.isUnionTypeNode(pattern)) {
    const parts = pattern.types.filter((part) => !ts.isLiteralTypeNode(part));
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) infer(checker, only, type, wanted, found);
    return;
  }
  if (ts.isFunctionTypeNode(pattern)) {
    if (type.kind !== "function") return;
    pattern.parameters.forEach((parameter, i) => {
      const actual = type.parameters[i];
      if (parameter.type !== undefined && actual !== undefined)
        infer(checker, parameter.type, actual, wanted, found);
    });
    infer(checker, pattern.type, type.result, wanted, found);
    return;
  }
  if (!ts.isTypeReferenceNode(pattern)) return;
  const symbol = symbolOf(checker, pattern.typeName);
  if (symbol !== undefined && wanted.has(symbol)) {
    // An untyped constant settles nothing: another argument must.
    if (type.kind !== "constant" && type.kind !== "null" && !found.has(symbol))
      found.set(symbol, storageOf(type));
    return;
  }
  partsOf(checker, type).forEach((part, i) => {
    const argument = pattern.typeArguments?.[i];
    if (argument !== undefined) infer(checker, argument, part, wanted, found);
  });
}

/** A type parameter stands for the class itself, not for a reference to it. */
function storageOf(type: Type): Type {
  return type.kind === "reference" && !type.nullable ? type.target : type;
}

/** The type arguments that a type was made with. */
function partsOf(checker: Checker, type: Type): readonly Type[] {
  switch (type.kind) {
    case "slice":
      return [type.element];
    case "pointer":
    case "shared":
      return [type.target];
    case "array":
      return [type.element, constantType(BigInt(type.length))];
    case "reference": {
      if (type.target.kind === "array") return partsOf(checker, type.target);
      const instance = checker.structOf.get(type.target.definition);
      return instance === undefined ? [] : [...instance.environment.values()];
    }
    default:
      return [];
  }
}
