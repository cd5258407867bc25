/** Type annotations → machine types. */
import { documentTags, isAmbient } from "../source/program.ts";
import ts from "../typescript.ts";
import { carriesOwned, isOwned, isPlainData } from "../types/contents.ts";
import { show } from "../types/show.ts";
import {
  arrayType,
  borrowedType,
  booleanType,
  type Bits,
  canBeNull,
  type EnumDefinition,
  enumType,
  flagsType,
  functionType,
  integerType,
  type IntegerType,
  interfaceType,
  neverType,
  nominalType,
  nullType,
  pointerType,
  sharedType,
  sliceType,
  stringType,
  structType,
  templateType,
  type Type,
  valueOf,
  voidType,
  withNull,
  constantType,
} from "../types/type.ts";
import { type Checker, type Environment, symbolOf } from "./context.ts";
import { enumDefinition, interfaceDefinition } from "./declarations.ts";
import { recordType } from "./unions.ts";

/** The machine type that an annotation means; classes and fixed arrays give their storage, not a reference to it. */
export function annotation(checker: Checker, node: ts.TypeNode, environment: Environment): Type {
  switch (node.kind) {
    case ts.SyntaxKind.BooleanKeyword:
      return booleanType;
    case ts.SyntaxKind.VoidKeyword:
    case ts.SyntaxKind.UndefinedKeyword:
      return voidType;
    case ts.SyntaxKind.NeverKeyword:
      return neverType;
    case ts.SyntaxKind.StringKeyword:
      return stringType;
    case ts.SyntaxKind.NumberKeyword:
      throw checker.report.refuse(node, "numberType");
  }
  if (ts.isParenthesizedTypeNode(node)) return annotation(checker, node.type, environment);
  if (ts.isUnionTypeNode(node)) return unionAnnotation(checker, node, environment);
  if (ts.isFunctionTypeNode(node)) return functionAnnotation(checker, node, environment);
  if (ts.isTypeLiteralNode(node)) return recordType(checker, node, environment, "record");
  if (ts.isTypeReferenceNode(node)) return referenceAnnotation(checker, node, environment);
  if (ts.isTypeQueryNode(node)) return queryAnnotation(checker, node);
  if (ts.isLiteralTypeNode(node)) {
    if (node.literal.kind === ts.SyntaxKind.NullKeyword) return nullType;
    if (ts.isNumericLiteral(node.literal)) return constantType(BigInt(node.literal.getText()));
    if (ts.isStringLiteral(node.literal)) return stringType;
    if (node.literal.kind === ts.SyntaxKind.TrueKeyword || node.literal.kind === ts.SyntaxKind.FalseKeyword) {
      return booleanType;
    }
  }
  throw checker.report.refuse(node, "typeRefused", node.getText());
}

function unionAnnotation(checker: Checker, node: ts.UnionTypeNode, environment: Environment): Type {
  const isNull = (part: ts.TypeNode): boolean =>
    ts.isLiteralTypeNode(part) && part.literal.kind === ts.SyntaxKind.NullKeyword;
  const parts = node.types.filter((part) => !isNull(part));
  const [first] = parts;
  if (first === undefined) return nullType;
  const nullable = parts.length < node.types.length;
  const type =
    parts.length === 1
      ? annotation(checker, first, environment)
      : parts.every((part) => ts.isLiteralTypeNode(part) && ts.isStringLiteral(part.literal))
        ? stringType
        : recordType(checker, ts.factory.createUnionTypeNode(parts), environment, "union", node);
  if (!nullable) return type;
  const value = valueOf(type);
  if (!canBeNull(value)) throw checker.report.refuse(node, "notNullable", show(value));
  return withNull(value, true);
}

function functionAnnotation(
  checker: Checker,
  node: ts.FunctionTypeNode,
  environment: Environment,
  interrupt = false,
): Type {
  const parameters = node.parameters.map((parameter) => {
    if (parameter.type === undefined)
      throw checker.report.refuse(parameter, "annotationMissing", "a parameter");
    return valueOf(annotation(checker, parameter.type, environment));
  });
  return functionType(parameters, valueOf(annotation(checker, node.type, environment)), interrupt);
}

/** `typeof PAGE_SIZE`, as the length of a fixed array. */
function queryAnnotation(checker: Checker, node: ts.TypeQueryNode): Type {
  const symbol = symbolOf(checker, node.exprName);
  const declaration = symbol?.valueDeclaration;
  if (
    declaration !== undefined &&
    ts.isVariableDeclaration(declaration) &&
    ts.isIdentifier(declaration.name)
  ) {
    const value = checker.hinted(checker.staticScope(), declaration.name);
    if (value.op === "integer") return constantType(value.value);
  }
  throw checker.report.refuse(node, "typeRefused", node.getText());
}

function referenceAnnotation(checker: Checker, node: ts.TypeReferenceNode, environment: Environment): Type {
  const symbol = symbolOf(checker, node.typeName);
  const declaration = symbol?.declarations?.[0];
  if (symbol === undefined || declaration === undefined) {
    throw checker.report.refuse(node, "typeRefused", node.getText());
  }
  const bound = environment.get(symbol);
  if (bound !== undefined) return bound;
  const arguments_ = node.typeArguments ?? ts.factory.createNodeArray<ts.TypeNode>();
  if (isAmbient(declaration)) {
    const builtIn = builtInType(checker, node, symbol.name, arguments_, environment);
    if (builtIn !== undefined) return builtIn;
  }
  if (ts.isClassDeclaration(declaration)) {
    const types = arguments_.map((argument) => annotation(checker, argument, environment));
    return structType(checker.structInstance(declaration, types, node).definition);
  }
  if (ts.isInterfaceDeclaration(declaration) && !isAmbient(declaration)) {
    return interfaceType(interfaceDefinition(checker, declaration, arguments_, environment));
  }
  if (ts.isEnumDeclaration(declaration)) return enumType(enumDefinition(checker, declaration));
  if (ts.isTypeAliasDeclaration(declaration)) {
    return aliasAnnotation(checker, declaration, arguments_, environment);
  }
  throw checker.report.refuse(node, "typeRefused", node.getText());
}

function aliasAnnotation(
  checker: Checker,
  declaration: ts.TypeAliasDeclaration,
  arguments_: readonly ts.TypeNode[],
  environment: Environment,
): Type {
  const inner = new Map<ts.Symbol, Type>();
  declaration.typeParameters?.forEach((parameter, i) => {
    const symbol = checker.tsc.getSymbolAtLocation(parameter.name);
    const argument = arguments_[i];
    if (symbol === undefined) return;
    if (argument !== undefined) inner.set(symbol, annotation(checker, argument, environment));
    else if (parameter.default !== undefined)
      inner.set(symbol, annotation(checker, parameter.default, inner));
  });
  const body = declaration.type;
  if (ts.isFunctionTypeNode(body)) {
    return functionAnnotation(checker, body, inner, "interrupt" in documentTags(declaration));
  }
  const isShape = (part: ts.TypeNode): boolean => ts.isTypeLiteralNode(part) || ts.isTypeReferenceNode(part);
  if (ts.isTypeLiteralNode(body) || (ts.isUnionTypeNode(body) && body.types.every(isShape))) {
    return recordType(checker, body, inner, declaration.name.text, declaration);
  }
  return annotation(checker, body, inner);
}

const integers: Readonly<Record<string, readonly [boolean, Bits]>> = {
  u8: [false, 8],
  u16: [false, 16],
  u32: [false, 32],
  u64: [false, 64],
  usize: [false, 64],
  i8: [true, 8],
  i16: [true, 16],
  i32: [true, 32],
  i64: [true, 64],
  isize: [true, 64],
};

function builtInType(
  checker: Checker,
  node: ts.TypeReferenceNode,
  name: string,
  arguments_: readonly ts.TypeNode[],
  environment: Environment,
): Type | undefined {
  const integer = integers[name];
  if (integer !== undefined) return integerType(...integer);
  const argument = (i: number): Type => {
    const type = arguments_[i];
    if (type === undefined) throw checker.report.refuse(node, "typeRefused", node.getText());
    return annotation(checker, type, environment);
  };
  switch (name) {
    case "bool":
      return booleanType;
    case "Template":
      return templateType;
    case "Slice":
      return sliceType(elementType(checker, node, argument(0)));
    case "Ptr":
      return pointerType(argument(0));
    case "Shared": {
      const target = argument(0);
      if (!isPlainData(target)) throw checker.report.refuse(node, "sharedNotPlain", show(target));
      return sharedType(target);
    }
    case "FixedArray": {
      const element = elementType(checker, node, argument(0));
      const length = argument(1);
      if (length.kind === "parameter") return arrayType(element, -1);
      if (length.kind !== "constant") throw checker.report.refuse(node, "arrayLength", show(length));
      return arrayType(element, Number(length.value));
    }
    case "Nominal":
      return nominal(checker, node, argument(0), arguments_[1], false);
    case "Owned":
      return nominal(checker, node, argument(0), arguments_[1], true);
    case "Borrowed": {
      const lent = argument(0);
      if (lent.kind !== "integer" || !isOwned(lent))
        throw checker.report.refuse(node, "expectedType", "an owned type", show(lent));
      return borrowedType(lent);
    }
    case "Flags":
      return flags(checker, node, argument(0), argument(1));
    default:
      return undefined;
  }
}

/** What can lie in memory: an owned handle can, but not a union that may or may not have one. */
function elementType(checker: Checker, node: ts.Node, type: Type): Type {
  if (type.kind === "union" && carriesOwned(type))
    throw checker.report.refuse(node, "ownedInUnion", show(type));
  return type;
}

function nominal(
  checker: Checker,
  node: ts.TypeReferenceNode,
  base: Type,
  name: ts.TypeNode | undefined,
  owned: boolean,
): IntegerType {
  if (base.kind !== "integer")
    throw checker.report.refuse(node, "expectedType", "an integer type", show(base));
  if (name === undefined || !ts.isLiteralTypeNode(name) || !ts.isStringLiteral(name.literal)) {
    throw checker.report.refuse(node, "typeRefused", node.getText());
  }
  return nominalType(base, { name: name.literal.text, file: node.getSourceFile().fileName, owned });
}

function flags(checker: Checker, node: ts.Node, names: Type, storage: Type): IntegerType {
  if (names.kind !== "enum") throw checker.report.refuse(node, "expectedType", "a const enum", show(names));
  if (storage.kind !== "integer") {
    throw checker.report.refuse(node, "expectedType", "an integer type", show(storage));
  }
  const definition: EnumDefinition = names.definition;
  return flagsType(storage, definition);
}
