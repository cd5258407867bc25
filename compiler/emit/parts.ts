/** Names that several printers share. */
import type * as ir from "../ir/ir.ts";
import type { Type } from "../types/type.ts";
import { cIdentifier } from "./types.ts";

/** What of a nullable value is 0 when it is null. */
export function nullPart(type: Type): string {
  if (type.kind === "slice" || type.kind === "string") return ".ptr";
  return type.kind === "interface" ? ".self" : "";
}

/** Names that the checker gives to values it needs twice; a program may use them too. */
const madeNames = new Set(["maybe", "argument"]);

/** The C name of a local variable. */
export function localName(local: ir.Local): string {
  return madeNames.has(local.name) ? `${local.name}_${local.id}` : cIdentifier(local.name);
}

/** The C name of the table by which an interface finds the methods of a struct. */
export function implementationName(
  struct: ir.Implementation["struct"],
  interface_: ir.Implementation["interface"],
): string {
  return `${cIdentifier(struct.name)}_as_${cIdentifier(interface_.name)}_${interface_.id}`;
}

/** The C name of the function that takes an interface's call to a struct's method. */
export function thunkName(implementation: ir.Implementation, method: string): string {
  return `${implementationName(implementation.struct, implementation.interface)}_${cIdentifier(method)}`;
}
