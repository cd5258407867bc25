/** Classes → C structs: their fields, layout and starting values. */
import type * as ir from "../ir/ir.ts";
import { documentTags } from "../source/program.ts";
import ts from "../typescript.ts";
import { carriesOwned, holdsReferences, isPlainData } from "../types/contents.ts";
import { extentOf, layOut } from "../types/layout.ts";
import { show } from "../types/show.ts";
import { arrayType, type StructDefinition, structType, type Type, valueOf } from "../types/type.ts";
import { type Checker, type Environment, instanceKey, type StructInstance, uniqueName } from "./context.ts";
import { bindParameters, interfaceDefinition } from "./declarations.ts";

interface Asserted {
  readonly size?: number;
  readonly align?: number;
  readonly packed?: boolean;
}

/** The struct that a class with these type arguments is. */
export function structInstance(
  checker: Checker,
  declaration: ts.ClassDeclaration,
  arguments_: readonly Type[],
  at: ts.Node,
): StructInstance {
  const key = instanceKey(declaration, arguments_);
  const known = checker.structs.get(key);
  if (known !== undefined) return known;
  const mark = classMark(checker, declaration);
  const name = [declaration.name?.text ?? "anonymous", ...arguments_.map(show)].join("_");
  const definition: StructDefinition = {
    name: uniqueName(checker, `struct ${name}`).replace(/^struct_/, ""),
    id: checker.nextId++,
    file: declaration.getSourceFile().fileName,
    isUnion: mark.isUnion,
    packed: mark.asserted.packed === true,
    documentTags: documentTags(declaration),
    fields: [],
    size: -1,
    align: 1,
    interfaces: [],
  };
  const expectedArguments = declaration.typeParameters?.length ?? 0;
  if (arguments_.length !== expectedArguments) {
    throw checker.report.refuse(
      at,
      "typeArguments",
      name,
      String(expectedArguments),
      String(arguments_.length),
    );
  }
  const environment = bindParameters(checker, declaration.typeParameters, arguments_);
  const instance: StructInstance = { definition, declaration, environment, initial: undefined };
  checker.structs.set(key, instance);
  checker.structOf.set(definition, instance);
  checker.report.attempt(() => {
    layOutClass(checker, instance, mark.asserted);
  });
  checker.program.structs.push(definition);
  definition.interfaces = implementedInterfaces(checker, declaration, environment);
  queueMethods(checker, instance);
  return instance;
}

function classMark(
  checker: Checker,
  declaration: ts.ClassDeclaration,
): { readonly isUnion: boolean; readonly asserted: Asserted } {
  for (const decorator of ts.getDecorators(declaration) ?? []) {
    const { name, arguments_ } = decoratorParts(decorator);
    if (name !== "struct" && name !== "union") throw otherDecorator(checker, decorator);
    const asserted: Record<string, number | boolean> = {};
    const [layout] = arguments_;
    if (layout !== undefined && ts.isObjectLiteralExpression(layout)) {
      for (const property of layout.properties) {
        if (!ts.isPropertyAssignment(property)) continue;
        const value = checker.hinted(checker.staticScope(), property.initializer);
        if (value.op === "integer") asserted[property.name.getText()] = Number(value.value);
        if (value.op === "boolean") asserted[property.name.getText()] = value.value;
      }
    }
    return { isUnion: name === "union", asserted };
  }
  throw checker.report.refuse(
    declaration.name ?? declaration,
    "classNotMarked",
    declaration.name?.text ?? "",
  );
}

function otherDecorator(checker: Checker, decorator: ts.Decorator): Error {
  const text = `the decorator ${decorator.getText()}`;
  return checker.report.refuse(
    decorator,
    "syntaxRefused",
    text,
    "There are @struct and @union for classes, @offset and @align for fields.",
  );
}

function decoratorParts(decorator: ts.Decorator): {
  readonly name: string;
  readonly arguments_: readonly ts.Expression[];
} {
  const expression = decorator.expression;
  if (ts.isCallExpression(expression)) {
    return { name: expression.expression.getText(), arguments_: expression.arguments };
  }
  return { name: expression.getText(), arguments_: [] };
}

function fieldMarks(checker: Checker, node: ts.PropertyDeclaration): { offset?: number; align?: number } {
  const marks: { offset?: number; align?: number } = {};
  for (const decorator of ts.getDecorators(node) ?? []) {
    const { name, arguments_ } = decoratorParts(decorator);
    const [argument] = arguments_;
    if ((name !== "offset" && name !== "align") || argument === undefined)
      throw otherDecorator(checker, decorator);
    const value = checker.hinted(checker.staticScope(), argument);
    if (value.op !== "integer") throw checker.report.refuse(argument, "notConstant", argument.getText());
    if (name === "offset") marks.offset = Number(value.value);
    if (name === "align") marks.align = Number(value.value);
  }
  return marks;
}

function isStatic(node: ts.ClassElement): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some((m) => m.kind === ts.SyntaxKind.StaticKeyword)
  );
}

/** The fields of a class, in order. */
export function fieldsOf(checker: Checker, declaration: ts.ClassDeclaration): ts.PropertyDeclaration[] {
  return declaration.members.filter(ts.isPropertyDeclaration).map((field) => {
    if (isStatic(field) || !ts.isIdentifier(field.name)) {
      throw checker.report.refuse(
        field,
        "syntaxRefused",
        `the field ${field.getText()}`,
        "Use a plain field, or a module-level variable.",
      );
    }
    return field;
  });
}

/** A field made with `new` is embedded; every other holds a value or a reference. */
function fieldType(checker: Checker, node: ts.PropertyDeclaration, environment: Environment): Type {
  const initialiser = node.initializer;
  if (initialiser !== undefined && ts.isNewExpression(initialiser)) {
    const isReadonly = node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ReadonlyKeyword);
    if (isReadonly !== true) throw checker.report.refuse(node, "embeddedNotReadonly", node.name.getText());
    return newType(checker, initialiser, environment, node.type);
  }
  if (node.type === undefined) throw checker.report.refuse(node, "annotationMissing", "a field");
  const type = checker.annotation(node.type, environment);
  if (type.kind === "array")
    throw checker.report.refuse(node, "arrayFieldNotEmbedded", node.name.getText(), show(type));
  return valueOf(type);
}

/** The storage that a `new` expression makes. */
export function newType(
  checker: Checker,
  node: ts.NewExpression,
  environment: Environment,
  declared?: ts.TypeNode,
): Type {
  const given =
    node.typeArguments ??
    (declared !== undefined && ts.isTypeReferenceNode(declared) ? declared.typeArguments : undefined);
  if (!ts.isIdentifier(node.expression))
    throw checker.report.refuse(node, "typeRefused", node.expression.getText());
  const symbol = checker.tsc.getSymbolAtLocation(node.expression);
  const declaration = symbol === undefined ? undefined : checker.aliased(symbol).declarations?.[0];
  if (declaration !== undefined && ts.isClassDeclaration(declaration)) {
    const types = (given ?? []).map((argument) => checker.annotation(argument, environment));
    return structType(checker.structInstance(declaration, types, node).definition);
  }
  const [element, length] = (given ?? []).map((argument) => checker.annotation(argument, environment));
  if (node.expression.text === "FixedArray" && element !== undefined && length !== undefined) {
    if (length.kind !== "constant") throw checker.report.refuse(node, "arrayLength", show(length));
    if (element.kind === "union" && carriesOwned(element)) {
      throw checker.report.refuse(node, "ownedInUnion", show(element));
    }
    // Elements start as zero, or as their field initialisers say; no constructor runs for them.
    if (holdsReferences(element)) {
      throw checker.report.refuse(node, "notPlainData", show(element));
    }
    return arrayType(element, Number(length.value));
  }
  throw checker.report.refuse(node, "typeRefused", node.expression.getText());
}

function layOutClass(checker: Checker, instance: StructInstance, asserted: Asserted): void {
  const { definition, declaration, environment } = instance;
  const nodes = fieldsOf(checker, declaration);
  const marks = nodes.map((node) => fieldMarks(checker, node));
  const types = nodes.map((node) => fieldType(checker, node, environment));
  types.forEach((type, i) => {
    const inner = type.kind === "array" ? type.element : type;
    if (inner.kind === "struct" && inner.definition.size < 0) {
      throw checker.report.refuse(nodes[i] ?? declaration, "valueContainsItself", definition.name);
    }
  });
  types.forEach((type, i) => {
    if (type.kind === "union" && carriesOwned(type)) {
      checker.report.refuse(nodes[i] ?? declaration, "ownedInUnion", show(type));
    }
    if (definition.isUnion && !isPlainData(type)) {
      checker.report.refuse(nodes[i] ?? declaration, "unionNotPlain", show(type));
    }
  });
  const { offsets, extent } = layOut(
    types.map((type, i) => ({ type, align: marks[i]?.align })),
    { isUnion: definition.isUnion, packed: definition.packed, align: asserted.align },
  );
  types.forEach((type, i) => {
    const align = type.kind === "struct" || type.kind === "array" ? extentOf(type).align : 1;
    // A reference to it would promise an alignment that it has not.
    if ((offsets[i] ?? 0) % align !== 0 || extent.align % align !== 0) {
      checker.report.refuse(nodes[i] ?? declaration, "embeddedMisaligned", show(type), String(align));
    }
  });
  definition.size = extent.size;
  definition.align = extent.align;
  definition.fields = types.map((type, i) => ({
    name: nodes[i]?.name.getText() ?? "",
    type,
    offset: offsets[i] ?? 0,
    size: extentOf(type).size,
    align: marks[i]?.align,
    documentTags: documentTags(nodes[i] ?? declaration),
  }));
  definition.fields.forEach((field, i) => {
    const wanted = marks[i]?.offset;
    if (wanted !== undefined && wanted !== field.offset) {
      checker.report.refuse(
        nodes[i] ?? declaration,
        "offsetDiffers",
        field.name,
        String(wanted),
        String(field.offset),
      );
    }
  });
  const name = declaration.name ?? declaration;
  if (asserted.size !== undefined && asserted.size !== extent.size) {
    checker.report.refuse(name, "sizeDiffers", definition.name, String(asserted.size), String(extent.size));
  }
  if (asserted.align !== undefined && asserted.align !== extent.align) {
    checker.report.refuse(
      name,
      "alignDiffers",
      definition.name,
      String(asserted.align),
      String(extent.align),
    );
  }
}

function implementedInterfaces(
  checker: Checker,
  declaration: ts.ClassDeclaration,
  environment: Environment,
): StructDefinition["interfaces"] {
  return (declaration.heritageClauses ?? []).flatMap((clause) => {
    if (clause.token === ts.SyntaxKind.ExtendsKeyword) {
      throw checker.report.refuse(
        clause,
        "syntaxRefused",
        "inheritance",
        "Embed the other struct, or implement an interface.",
      );
    }
    return clause.types.flatMap((type) => {
      const found = checker.tsc.getSymbolAtLocation(type.expression);
      const interface_ = found === undefined ? undefined : checker.aliased(found).declarations?.[0];
      if (interface_ === undefined || !ts.isInterfaceDeclaration(interface_)) {
        throw checker.report.refuse(type, "typeRefused", type.getText());
      }
      // Disposable and its like are the prelude's; they have no dynamic dispatch.
      if (interface_.name.text === "Disposable") return [];
      return [interfaceDefinition(checker, interface_, type.typeArguments ?? [], environment)];
    });
  });
}

/** Every method is checked, called or not; methods with type parameters of their own wait for a call. */
function queueMethods(checker: Checker, instance: StructInstance): void {
  for (const member of instance.declaration.members) {
    if (
      ts.isSetAccessor(member) ||
      ts.isClassStaticBlockDeclaration(member) ||
      ts.isIndexSignatureDeclaration(member)
    ) {
      checker.report.refuse(
        member,
        "syntaxRefused",
        "a setter, static block or index signature",
        "Write a method.",
      );
    }
    if (
      !ts.isMethodDeclaration(member) &&
      !ts.isGetAccessorDeclaration(member) &&
      !ts.isConstructorDeclaration(member)
    ) {
      continue;
    }
    if (member.typeParameters !== undefined && member.typeParameters.length > 0) continue;
    checker.pending.push(() => {
      checker.report.attempt(() => methodOf(checker, instance, member));
    });
  }
}

type Member = ts.MethodDeclaration | ts.GetAccessorDeclaration | ts.ConstructorDeclaration;

/** The function that a member of a struct instance is; `own` binds type parameters of the method itself. */
export function methodOf(
  checker: Checker,
  instance: StructInstance,
  member: Member,
  own?: Environment,
): ir.Function_ {
  const environment = own === undefined ? instance.environment : new Map([...instance.environment, ...own]);
  return checker.functionOf(member, environment, isStatic(member) ? undefined : instance.definition);
}

/** The method or getter of that name. */
export function findMember(instance: StructInstance, name: string): Member | undefined {
  return instance.declaration.members.find(
    (member): member is Member =>
      (ts.isMethodDeclaration(member) || ts.isGetAccessorDeclaration(member)) &&
      member.name.getText() === name,
  );
}

/** The constructor, where the class has one. */
export function findConstructor(instance: StructInstance): ts.ConstructorDeclaration | undefined {
  return instance.declaration.members.find(ts.isConstructorDeclaration);
}
