/** The functions of the prelude, of `xenlet:unsafe` and of `xenlet:host`. */
import type * as ir from "../ir/ir.ts";
import type ts from "../typescript.ts";
import { holdsReferences, isOwned, isPlainData } from "../types/contents.ts";
import { extentOf } from "../types/layout.ts";
import { show } from "../types/show.ts";
import {
  booleanType,
  constantType,
  type IntegerType,
  neverType,
  plainInteger,
  pointerType,
  referenceType,
  sharedType,
  sliceType,
  stringType,
  templateType,
  type Type,
  u32,
  u64,
  u8,
  type UnionType,
  voidType,
} from "../types/type.ts";
import type { Checker, Scope } from "./context.ts";
import { commonType, convert, settled } from "./convert.ts";
import { fitsInteger } from "./declarations.ts";
import { constantNode, integerNode, intrinsic } from "./nodes.ts";
import { piece } from "./templates.ts";

/** One call of an intrinsic, and what its context would like. */
interface Site {
  readonly checker: Checker;
  readonly scope: Scope;
  readonly node: ts.CallExpression;
  readonly name: string;
  readonly hint: Type | undefined;
}

/** The call of one of the functions that the language itself provides. */
export function intrinsicCall(
  checker: Checker,
  scope: Scope,
  node: ts.CallExpression,
  name: string,
  hint?: Type,
): ir.Expression {
  const site: Site = { checker, scope, node, name, hint };
  const handler = handlers[name];
  if (handler === undefined) throw checker.report.refuse(node, "notAValue", name);
  return handler(site);
}

function argumentNode(site: Site, i: number): ts.Expression {
  const node = site.node.arguments[i];
  if (node === undefined) throw site.checker.report.silent();
  return node;
}
function argument(site: Site, i: number, type: Type): ir.Expression {
  return site.checker.expression(site.scope, argumentNode(site, i), type);
}
/** An argument of whatever machine type it has. */
function anyArgument(site: Site, i: number, hint?: Type): ir.Expression {
  return site.checker.hinted(site.scope, argumentNode(site, i), hint);
}
function typeArgument(site: Site): Type {
  const [node] = site.node.typeArguments ?? [];
  if (node === undefined) throw site.checker.report.refuse(site.node, "notInferred", "T");
  return site.checker.annotation(node, site.scope.environment);
}
function make(
  site: Site,
  type: Type,
  arguments_: readonly ir.Expression[],
  about?: Type,
  word?: string,
): ir.Expression {
  return intrinsic(site.checker, site.node, site.name, type, arguments_, about, word);
}

function integerArgument(site: Site, i: number, hint?: Type): ir.Expression & { readonly type: IntegerType } {
  const value = settled(site.checker, anyArgument(site, i, hint), argumentNode(site, i));
  if (value.type.kind === "enum") {
    const type = value.type.definition.representation;
    return { op: "cast", type, operand: value };
  }
  if (value.type.kind !== "integer") {
    throw site.checker.report.refuse(argumentNode(site, i), "expectedType", "an integer", show(value.type));
  }
  return value as ir.Expression & { readonly type: IntegerType };
}

/** An address: a plain or nominal 64-bit integer. */
function address(site: Site, i: number): ir.Expression {
  const value = anyArgument(site, i, u64);
  if (value.type.kind === "constant") return convert(site.checker, value, u64, argumentNode(site, i));
  if (value.type.kind !== "integer" || value.type.bits !== 64 || value.type.signed) {
    throw site.checker.report.refuse(
      argumentNode(site, i),
      "expectedType",
      "a 64-bit address",
      show(value.type),
    );
  }
  return { op: "cast", type: u64, operand: value };
}

function storageArgument(site: Site, i: number): ir.Expression {
  const value = anyArgument(site, i);
  if (value.type.kind !== "reference" || value.type.nullable) {
    throw site.checker.report.refuse(
      argumentNode(site, i),
      "expectedType",
      "a struct or fixed array",
      show(value.type),
    );
  }
  return value;
}

function literalText(site: Site, i: number): string {
  const value = anyArgument(site, i);
  if (value.op !== "string")
    throw site.checker.report.refuse(argumentNode(site, i), "notConstant", argumentNode(site, i).getText());
  return value.value;
}

/** Two operands of one integer type, and the result of that type. */
function pair(site: Site): ir.Expression {
  const a = anyArgument(site, 0, site.hint);
  const b = anyArgument(site, 1, site.hint);
  if (a.op === "integer" && b.op === "integer" && a.type.kind === "constant" && b.type.kind === "constant") {
    const isFirst = site.name === "min" ? a.value <= b.value : a.value >= b.value;
    return constantNode(isFirst ? a.value : b.value);
  }
  const type = commonType(site.checker, a.type, b.type, site.node);
  if (type.kind !== "integer")
    throw site.checker.report.refuse(site.node, "operandType", site.name, show(type));
  const operands = [
    convert(site.checker, a, type, argumentNode(site, 0)),
    convert(site.checker, b, type, argumentNode(site, 1)),
  ];
  return make(site, type, operands, type);
}

function bits(site: Site): ir.Expression {
  const value = integerArgument(site, 0);
  return make(site, u32, [value], value.type);
}

function sameAsArgument(site: Site): ir.Expression {
  const value = integerArgument(site, 0, site.hint);
  const rest = site.name === "rotateLeft" ? [argument(site, 1, u32)] : [];
  return make(site, value.type, [value, ...rest], value.type);
}

function conversion(site: Site): ir.Expression {
  const type = typeArgument(site);
  if (type.kind !== "integer" || type.nominal !== undefined) {
    throw site.checker.report.refuse(site.node, "expectedType", "an integer type", show(type));
  }
  const value = anyArgument(site, 0, type);
  if (value.op === "integer" && value.type.kind === "constant") {
    if (site.name === "fits")
      return { op: "boolean", type: booleanType, value: fitsInteger(value.value, type) };
    return convert(site.checker, value, type, argumentNode(site, 0));
  }
  const integer = integerArgument(site, 0, type);
  return make(site, site.name === "fits" ? booleanType : type, [integer], type);
}

/** The owned handle that `take`, `held` and `disown` are about. */
function ownedArgument(site: Site): ir.Expression & { readonly type: IntegerType } {
  const value = anyArgument(site, 0);
  if (value.type.kind === "integer" && isOwned(value.type))
    return value as ir.Expression & { readonly type: IntegerType };
  throw site.checker.report.refuse(
    argumentNode(site, 0),
    "expectedType",
    "an owned handle",
    show(value.type),
  );
}

function takeOwned(site: Site): ir.Expression {
  const place = ownedArgument(site);
  if (place.op !== "field" && place.op !== "element" && place.op !== "global") {
    throw site.checker.report.refuse(
      argumentNode(site, 0),
      "takeOfVariable",
      argumentNode(site, 0).getText(),
    );
  }
  return make(site, place.type, [place], place.type);
}

function disown(site: Site): ir.Expression {
  const value = ownedArgument(site);
  const nominal = value.type.nominal;
  if (nominal !== undefined && nominal.file !== site.node.getSourceFile().fileName) {
    throw site.checker.report.refuse(site.node, "nominalCast", nominal.name);
  }
  return make(site, plainInteger(value.type), [value]);
}

function hasFlags(site: Site): ir.Expression {
  const flags = anyArgument(site, 0);
  if (flags.type.kind !== "integer" || flags.type.flags === undefined) {
    throw site.checker.report.refuse(argumentNode(site, 0), "expectedType", "flags", show(flags.type));
  }
  return make(site, booleanType, [flags, argument(site, 1, flags.type)], flags.type);
}

function result(site: Site, isOk: boolean): ir.Expression {
  const hint = site.hint;
  if (hint?.kind !== "union" || !hint.definition.isResult)
    throw site.checker.report.refuse(site.node, "resultContext", site.name);
  const variant = hint.definition.variants.findIndex((candidate) => candidate.tag === isOk);
  const [field] = hint.definition.variants[variant]?.fields ?? [];
  const isVoid = field === undefined || field.type.kind === "void";
  const values = isVoid ? [] : [{ field: field.name, value: argument(site, 0, field.type) }];
  return { op: "makeVariant", type: hint, union: hint.definition, variant, values };
}

function hexPiece(site: Site): ir.Expression {
  const value = anyArgument(site, 0);
  const operand =
    value.op === "integer"
      ? integerNode(value.value, u64)
      : ({ op: "cast", type: u64, operand: integerArgument(site, 0) } as const);
  const digits = site.node.arguments.length > 1 ? argument(site, 1, u32) : integerNode(1n, u32);
  return piece(pieceType(site), "hex", [
    { field: "value", value: operand },
    { field: "digits", value: digits },
  ]);
}

function pieceType(site: Site): UnionType {
  return site.checker.types.piece();
}

function fieldOffset(site: Site): ir.Expression {
  const type = typeArgument(site);
  const name = literalText(site, 0);
  const field =
    type.kind === "struct" ? type.definition.fields.find((candidate) => candidate.name === name) : undefined;
  if (field === undefined) throw site.checker.report.refuse(site.node, "noMember", name, show(type));
  return constantNode(BigInt(field.offset));
}

function atAddress(site: Site): ir.Expression {
  const type = typeArgument(site);
  if (site.name === "ptr") return make(site, pointerType(type), [address(site, 0)], type);
  if (site.name === "sharedAt") {
    if (!isPlainData(type)) throw site.checker.report.refuse(site.node, "sharedNotPlain", show(type));
    return intrinsic(site.checker, site.node, "sharedAtAddress", sharedType(type), [address(site, 0)], type);
  }
  if (site.name === "sliceAt")
    return make(site, sliceType(type), [address(site, 0), argument(site, 1, u64)], type);
  if (site.name === "functionAt") {
    if (type.kind !== "function")
      throw site.checker.report.refuse(site.node, "expectedType", "a function type", show(type));
    return make(site, type, [address(site, 0)], type);
  }
  if (type.kind !== "struct" && type.kind !== "array") {
    throw site.checker.report.refuse(site.node, "expectedType", "a struct or fixed array", show(type));
  }
  return make(site, referenceType(type), [address(site, 0)], type);
}

function addressOf(site: Site): ir.Expression {
  const value = anyArgument(site, 0);
  const hasAddress = ["reference", "slice", "shared", "function", "pointer", "string"].includes(
    value.type.kind,
  );
  if (!hasAddress)
    throw site.checker.report.refuse(
      argumentNode(site, 0),
      "expectedType",
      "something with an address",
      show(value.type),
    );
  return make(site, u64, [value]);
}

/** Makes a struct, for `copy`, and its source the same type. */
function copyStorage(site: Site): ir.Expression {
  const target = storageArgument(site, 0);
  const source = argument(site, 1, target.type);
  return make(
    site,
    voidType,
    [target, source],
    target.type.kind === "reference" ? target.type.target : undefined,
  );
}

function zeroStorage(site: Site): ir.Expression {
  const target = storageArgument(site, 0);
  const storage = target.type.kind === "reference" ? target.type.target : undefined;
  if (storage !== undefined && holdsReferences(storage)) {
    throw site.checker.report.refuse(site.node, "notPlainData", show(storage));
  }
  return make(site, voidType, [target], storage);
}

const simple =
  (type: Type, ...parameters: readonly Type[]) =>
  (site: Site): ir.Expression =>
    make(
      site,
      type,
      parameters.map((parameter, i) => argument(site, i, parameter)),
    );

const layoutConstant =
  (which: "size" | "align") =>
  (site: Site): ir.Expression => {
    const value = BigInt(extentOf(typeArgument(site))[which]);
    return integerNode(value, constantType(value));
  };

const handlers: Readonly<Record<string, (site: Site) => ir.Expression>> = {
  has: hasFlags,
  take: takeOwned,
  held: (site) => make(site, booleanType, [ownedArgument(site)]),
  disown,
  checked: conversion,
  fits: conversion,
  min: pair,
  max: pair,
  popCount: bits,
  lowestBit: bits,
  highestBit: bits,
  byteSwap: sameAsArgument,
  rotateLeft: sameAsArgument,
  multiplyHigh: simple(u64, u64, u64),
  assert: (site) => make(site, voidType, [argument(site, 0, booleanType)], undefined, literalText(site, 1)),
  unreachable: (site) => make(site, neverType, []),
  copy: copyStorage,
  zero: zeroStorage,
  sizeOf: layoutConstant("size"),
  alignOf: layoutConstant("align"),
  offsetOf: fieldOffset,
  ok: (site) => result(site, true),
  err: (site) => result(site, false),
  pieces: (site) => make(site, sliceType(pieceType(site)), [argument(site, 0, templateType)]),
  hex: hexPiece,
  text: (site) =>
    piece(pieceType(site), "bytes", [{ field: "bytes", value: argument(site, 0, sliceType(u8)) }]),
  ptr: atAddress,
  structAt: atAddress,
  sharedAt: atAddress,
  sliceAt: atAddress,
  functionAt: atAddress,
  addressOf,
  bytesOf: (site) => {
    const value = storageArgument(site, 0);
    return make(
      site,
      sliceType(u8),
      [value],
      value.type.kind === "reference" ? value.type.target : undefined,
    );
  },
  stringOf: simple(stringType, sliceType(u8)),
  symbolAddress: (site) => make(site, u64, [], undefined, literalText(site, 0)),
  frameAddress: simple(u64),
  readTimestampCounter: simple(u64),
  spinHint: simple(voidType),
  fence: (site) => make(site, voidType, [], undefined, literalText(site, 0)),
  compilerBarrier: simple(voidType),
  trap: simple(neverType),
  print: (site) => make(site, voidType, [argument(site, 0, templateType)]),
};
