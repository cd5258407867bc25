/** Object types → tagged C structs, and which of their variants TypeScript has left at a place. */
import { shownPath } from "../source/program.ts";
import ts from "../typescript.ts";
import { show } from "../types/show.ts";
import {
  booleanType,
  enumType,
  stringType,
  type Type,
  type UnionDefinition,
  unionType,
  type UnionType,
  valueOf,
  type Variant,
  type VariantField,
} from "../types/type.ts";
import { type Checker, type Environment, instanceKey, symbolOf } from "./context.ts";

/** The value type made of one object type, or of a union of several that a literal field tells apart. */
export function recordType(
  checker: Checker,
  node: ts.TypeNode,
  environment: Environment,
  name: string,
  at: ts.Node = node,
): UnionType {
  const key = instanceKey(at, environment.values());
  const known = checker.unions.get(key);
  if (known === "pending") throw checker.report.refuse(at, "valueContainsItself", name);
  if (known !== undefined) return unionType(known);
  checker.unions.set(key, "pending");
  try {
    const definition = unionDefinition(checker, node, environment, name, at);
    checker.unions.set(key, definition);
    return unionType(definition);
  } finally {
    if (checker.unions.get(key) === "pending") checker.unions.delete(key);
  }
}

function unionDefinition(
  checker: Checker,
  node: ts.TypeNode,
  environment: Environment,
  name: string,
  at: ts.Node,
): UnionDefinition {
  const shapes = (ts.isUnionTypeNode(node) ? node.types : [node]).map((part) => shapeOf(checker, part));
  const discriminant = shapes.length > 1 ? discriminantOf(shapes) : undefined;
  if (shapes.length > 1 && discriminant === undefined) {
    throw checker.report.refuse(at, "noDiscriminant", at.getText());
  }
  const tags = shapes.map((shape) =>
    discriminant === undefined ? undefined : tagOf(checker, shape, discriminant),
  );
  const variants = shapes.map((shape, i): Variant => ({
    tag: tags[i]?.value,
    fields: shape.members.flatMap((member) => fieldOf(checker, member, environment, discriminant)),
  }));
  return {
    name: [name, ...[...environment.values()].map(show)].join("_"),
    id: checker.nextId++,
    discriminant,
    discriminantType: tags[0]?.type,
    variants,
    isResult: name === "Result" && shownPath(at.getSourceFile().fileName).endsWith("prelude.d.ts"),
  };
}

/** The object type that `node` stands for; `at` is where the program names it. */
function shapeOf(checker: Checker, node: ts.TypeNode, at: ts.Node = node): ts.TypeLiteralNode {
  if (ts.isTypeLiteralNode(node)) return node;
  if (ts.isParenthesizedTypeNode(node)) return shapeOf(checker, node.type, at);
  if (ts.isTypeReferenceNode(node)) {
    const declaration = symbolOf(checker, node.typeName)?.declarations?.[0];
    if (declaration !== undefined && ts.isTypeAliasDeclaration(declaration)) {
      return shapeOf(checker, declaration.type, at);
    }
  }
  throw checker.report.refuse(at, "unionOfValues", at.getText());
}

const memberName = (member: ts.TypeElement): string =>
  member.name !== undefined && ts.isIdentifier(member.name) ? member.name.text : "";

function literalType(member: ts.TypeElement): ts.TypeNode | undefined {
  if (!ts.isPropertySignature(member) || member.type === undefined) return undefined;
  const type = member.type;
  if (ts.isLiteralTypeNode(type) && type.literal.kind !== ts.SyntaxKind.NullKeyword) return type;
  if (ts.isTypeReferenceNode(type) && ts.isQualifiedName(type.typeName)) return type;
  return undefined;
}

function discriminantOf(shapes: readonly ts.TypeLiteralNode[]): string | undefined {
  const candidates = shapes[0]?.members.filter((member) => literalType(member) !== undefined) ?? [];
  return candidates
    .map(memberName)
    .find((name) =>
      shapes.every((shape) =>
        shape.members.some((member) => memberName(member) === name && literalType(member) !== undefined),
      ),
    );
}

function tagOf(
  checker: Checker,
  shape: ts.TypeLiteralNode,
  discriminant: string,
): { readonly value: Variant["tag"]; readonly type: Type } {
  const member = shape.members.find((candidate) => memberName(candidate) === discriminant);
  const type = member === undefined ? undefined : literalType(member);
  if (type !== undefined && ts.isLiteralTypeNode(type)) {
    if (ts.isStringLiteral(type.literal)) return { value: type.literal.text, type: stringType };
    if (type.literal.kind === ts.SyntaxKind.TrueKeyword) return { value: true, type: booleanType };
    if (type.literal.kind === ts.SyntaxKind.FalseKeyword) return { value: false, type: booleanType };
  }
  if (type !== undefined && ts.isTypeReferenceNode(type) && ts.isQualifiedName(type.typeName)) {
    const value = checker.hinted(checker.staticScope(), type.typeName.right);
    if (value.op === "integer" && value.type.kind === "constant" && value.type.member !== undefined) {
      return { value: value.value, type: enumType(value.type.member) };
    }
  }
  throw checker.report.refuse(shape, "noDiscriminant", shape.getText());
}

function fieldOf(
  checker: Checker,
  member: ts.TypeElement,
  environment: Environment,
  discriminant: string | undefined,
): VariantField[] {
  const name = memberName(member);
  if (name === discriminant) return [];
  if (!ts.isPropertySignature(member) || member.type === undefined || name === "") {
    throw checker.report.refuse(member, "valueField", member.getText());
  }
  const isReadonly = member.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ReadonlyKeyword);
  if (isReadonly !== true || member.questionToken !== undefined) {
    throw checker.report.refuse(member, "valueField", member.getText());
  }
  return [{ name, type: valueOf(checker.annotation(member.type, environment)) }];
}

/** The variants that TypeScript's narrowing leaves possible for the expression at `node`. */
export function possibleVariants(checker: Checker, node: ts.Node, union: UnionDefinition): readonly number[] {
  const all = union.variants.map((_, i) => i);
  if (union.discriminant === undefined) return all;
  const type = checker.tsc.getTypeAtLocation(node);
  const parts = type.isUnion() ? type.types : [type];
  const tags = parts.flatMap((part) => tagsOfPart(checker, part, node, union.discriminant ?? ""));
  const left = all.filter((i) => tags.includes(String(union.variants[i]?.tag)));
  return left.length === 0 ? all : left;
}

function tagsOfPart(checker: Checker, part: ts.Type, node: ts.Node, discriminant: string): string[] {
  const property = part.getProperty(discriminant);
  if (property === undefined) return [];
  const type = checker.tsc.getTypeOfSymbolAtLocation(property, node);
  const literals = type.isUnion() ? type.types : [type];
  return literals.map((literal) => {
    if (literal.isStringLiteral() || literal.isNumberLiteral()) return String(literal.value);
    return checker.tsc.typeToString(literal);
  });
}
