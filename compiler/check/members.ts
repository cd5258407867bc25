/** Members and elements: of structs, arrays, shared memory and values. */
import type * as ir from "../ir/ir.ts";
import { show } from "../types/show.ts";
import {
  booleanType,
  referenceType,
  sharedType,
  type StructType,
  type Type,
  u64,
  type UnionDefinition,
  valueOf,
} from "../types/type.ts";
import ts from "../typescript.ts";
import { getterCall } from "./calls.ts";
import type { Checker, Scope } from "./context.ts";
import { convert } from "./convert.ts";
import { constantNode, intrinsic } from "./nodes.ts";
import { findMember } from "./structs.ts";
import { possibleVariants } from "./unions.ts";

/** `base.name` for a base that has been evaluated. */
export function memberOf(
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

/** `base[index]`; that the index is in bounds is checked when it runs, unless it is proved later. */
export function element(checker: Checker, scope: Scope, node: ts.ElementAccessExpression): ir.Expression {
  const base = checker.hinted(scope, node.expression);
  const elementType =
    base.type.kind === "slice"
      ? base.type.element
      : base.type.kind === "reference" && base.type.target.kind === "array"
        ? base.type.target.element
        : undefined;
  if (elementType === undefined) throw checker.report.refuse(node, "notIndexable", show(base.type));
  const index = convert(
    checker,
    checker.hinted(scope, node.argumentExpression, u64),
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
