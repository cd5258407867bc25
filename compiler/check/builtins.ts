/** Methods of the language's own types: slices, fixed arrays, shared memory, pointers and text. */
import type * as ir from "../ir/ir.ts";
import type ts from "../typescript.ts";
import { show } from "../types/show.ts";
import {
  booleanType,
  i64,
  type IntegerType,
  pointerType,
  sharedType,
  type SharedType,
  sliceType,
  type SliceType,
  type Type,
  u16,
  u32,
  u64,
  u8,
  valueOf,
  voidType,
} from "../types/type.ts";
import type { Checker, Scope } from "./context.ts";
import { convert } from "./convert.ts";
import { intrinsic } from "./nodes.ts";

/** What one built-in method call has at hand. */
interface Site {
  readonly checker: Checker;
  readonly scope: Scope;
  readonly node: ts.CallExpression;
  readonly receiver: ir.Expression;
  readonly name: string;
}

/** The call of the method `name` of a type of the language itself. */
export function builtInMethod(
  checker: Checker,
  scope: Scope,
  node: ts.CallExpression,
  receiver: ir.Expression,
  name: string,
  hint?: Type,
): ir.Expression {
  const site: Site = { checker, scope, node, receiver, name };
  const type = receiver.type;
  if (type.kind === "reference" && type.target.kind === "array") {
    const slice = sliceType(type.target.element);
    return sliceMethod({ ...site, receiver: convert(checker, receiver, slice, node) }, slice);
  }
  if (type.kind === "slice") return sliceMethod(site, type);
  if (type.kind === "shared") return sharedMethod(site, type);
  if (type.kind === "pointer") return pointerMethod(site, type.target, hint);
  if (type.kind === "string" && name === "bytes")
    return intrinsic(checker, node, "stringBytes", sliceType(u8), [receiver]);
  throw unknown(site);
}

function unknown(site: Site): Error {
  return site.checker.report.refuse(site.node.expression, "noMember", site.name, show(site.receiver.type));
}

/** Argument `i` as a `type`. */
function argument(site: Site, i: number, type: Type): ir.Expression {
  const node = site.node.arguments[i];
  if (node === undefined) throw site.checker.report.silent();
  return site.checker.expression(site.scope, node, type);
}

function make(
  site: Site,
  name: string,
  type: Type,
  rest: readonly ir.Expression[],
  about?: Type,
  word?: string,
): ir.Expression {
  return intrinsic(site.checker, site.node, name, type, [site.receiver, ...rest], about, word);
}

const accesses: ReadonlyMap<string, IntegerType> = new Map([
  ["U16le", u16],
  ["U32le", u32],
  ["U64le", u64],
  ["U16be", u16],
  ["U32be", u32],
  ["U64be", u64],
]);

function sliceMethod(site: Site, type: SliceType): ir.Expression {
  const access = accesses.get(site.name.replace(/^(read|write)/, ""));
  if (access !== undefined) {
    if (type.element.key !== "u8") throw unknown(site);
    const at = argument(site, 0, u64);
    const word = site.name.endsWith("be") ? "be" : "le";
    if (site.name.startsWith("read")) return make(site, "readBytes", access, [at], access, word);
    return make(site, "writeBytes", voidType, [at, argument(site, 1, access)], access, word);
  }
  switch (site.name) {
    case "slice": {
      const start = argument(site, 0, u64);
      if (site.node.arguments.length < 2) return make(site, "sliceFrom", type, [start], type.element);
      return make(site, "subSlice", type, [start, argument(site, 1, u64)], type.element);
    }
    case "copyFrom":
      return make(site, "sliceCopy", voidType, [argument(site, 0, type)], type.element);
    case "fill": {
      if (type.element.kind === "struct" || type.element.kind === "array") throw unknown(site);
      return make(site, "sliceFill", voidType, [argument(site, 0, type.element)], type.element);
    }
    case "equals":
      if (type.element.kind !== "integer") throw unknown(site);
      return make(site, "sliceEquals", booleanType, [argument(site, 0, type)], type.element);
    default:
      throw unknown(site);
  }
}

const orders: Readonly<Record<string, readonly string[]>> = {
  load: ["relaxed", "acquire", "seqcst"],
  store: ["relaxed", "release", "seqcst"],
  update: ["relaxed", "acquire", "release", "acqrel", "seqcst"],
};

/** The memory order is a literal, since it picks instructions. */
function order(site: Site, i: number, kind: string): string {
  const node = site.node.arguments[i];
  const value = node === undefined ? undefined : site.checker.hinted(site.scope, node);
  if (value?.op === "string" && orders[kind]?.includes(value.value) === true) return value.value;
  throw site.checker.report.refuse(node ?? site.node, "memoryOrder", (orders[kind] ?? []).join(", "));
}

function sharedMethod(site: Site, type: SharedType): ir.Expression {
  const target = type.target;
  if (target.kind === "integer" || target.kind === "enum") return sharedInteger(site, target);
  if (target.kind === "array") {
    if (site.name === "at") {
      const index = argument(site, 0, u64);
      return make(site, "sharedAt", sharedType(target.element), [index], target);
    }
    const slice = sliceType(target.element);
    if (site.name === "copyTo")
      return make(
        site,
        "sharedArrayOut",
        voidType,
        [argument(site, 0, slice), argument(site, 1, u64)],
        target,
      );
    if (site.name === "copyFrom")
      return make(
        site,
        "sharedArrayIn",
        voidType,
        [argument(site, 0, slice), argument(site, 1, u64)],
        target,
      );
  }
  if (target.kind === "struct") {
    const reference = valueOf(target);
    if (site.name === "copyTo")
      return make(site, "sharedOut", voidType, [argument(site, 0, reference)], target);
    if (site.name === "copyFrom")
      return make(site, "sharedIn", voidType, [argument(site, 0, reference)], target);
  }
  throw unknown(site);
}

function sharedInteger(site: Site, target: Type): ir.Expression {
  switch (site.name) {
    case "load":
      return make(site, "atomicLoad", target, [], target, order(site, 0, "load"));
    case "store":
      return make(
        site,
        "atomicStore",
        voidType,
        [argument(site, 0, target)],
        target,
        order(site, 1, "store"),
      );
    case "exchange":
    case "fetchAdd":
    case "fetchAnd":
    case "fetchOr":
    case "fetchXor":
      return make(site, site.name, target, [argument(site, 0, target)], target, order(site, 1, "update"));
    case "compareExchange": {
      const operands = [argument(site, 0, target), argument(site, 1, target)];
      return make(site, "compareExchange", booleanType, operands, target, order(site, 2, "update"));
    }
    default:
      throw unknown(site);
  }
}

function pointerMethod(site: Site, target: Type, hint?: Type): ir.Expression {
  const value = valueOf(target);
  switch (site.name) {
    case "load":
      return make(site, "pointerLoad", value, [], target);
    case "store":
      return make(site, "pointerStore", voidType, [argument(site, 0, value)], target);
    case "add":
      return make(site, "pointerAdd", pointerType(target), [argument(site, 0, i64)], target);
    case "cast": {
      const [given] = site.node.typeArguments ?? [];
      const type =
        given === undefined ? hint : pointerType(site.checker.annotation(given, site.scope.environment));
      if (type?.kind !== "pointer") throw site.checker.report.refuse(site.node, "notInferred", "U");
      return make(site, "pointerCast", type, [], type.target);
    }
    default:
      throw unknown(site);
  }
}
