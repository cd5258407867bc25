import type { StructDefinition, Type } from "./type.ts";

/** How much memory something takes. */
export interface Extent {
  /** Bytes. */
  readonly size: number;
  readonly align: number;
}

/** The next multiple of `align`. */
export function alignUp(value: number, align: number): number {
  return Math.ceil(value / align) * align;
}

const pointer: Extent = { size: 8, align: 8 };
const fat: Extent = { size: 16, align: 8 };

/** Size and alignment of a type in memory under the System V x86-64 ABI. */
export function extentOf(type: Type): Extent {
  switch (type.kind) {
    case "integer":
      return { size: type.bits / 8, align: type.bits / 8 };
    case "enum":
      return extentOf(type.definition.representation);
    case "boolean":
      return { size: 1, align: 1 };
    case "struct":
      return { size: type.definition.size, align: type.definition.align };
    case "array": {
      const element = extentOf(type.element);
      return { size: element.size * type.length, align: element.align };
    }
    case "reference":
    case "pointer":
    case "shared":
    case "function":
      return pointer;
    case "slice":
    case "string":
    case "interface":
    case "template":
      return fat;
    case "union":
      return unionExtent(type.definition.variants, type.definition.discriminantType);
    case "void":
    case "never":
      return { size: 0, align: 1 };
    case "constant":
    case "null":
    case "parameter":
      throw new Error(`a value of type ${type.kind} has no place in memory`);
  }
}

function unionExtent(
  variants: readonly { readonly fields: readonly { readonly type: Type }[] }[],
  discriminant: Type | undefined,
): Extent {
  const bodies = variants.map((variant) => recordExtent(variant.fields.map((field) => extentOf(field.type))));
  const body = {
    size: Math.max(0, ...bodies.map((b) => b.size)),
    align: Math.max(1, ...bodies.map((b) => b.align)),
  };
  if (discriminant === undefined) return body;
  const tag = tagExtent(discriminant);
  return recordExtent([tag, body]);
}

/** String discriminants are numbered in a byte. */
export function tagExtent(discriminant: Type): Extent {
  return discriminant.kind === "string" ? { size: 1, align: 1 } : extentOf(discriminant);
}

function recordExtent(parts: readonly Extent[]): Extent {
  let size = 0;
  let align = 1;
  for (const part of parts) {
    size = alignUp(size, part.align) + part.size;
    align = Math.max(align, part.align);
  }
  return { size: alignUp(size, align), align };
}

/** A field that wants a place. */
export interface FieldRequest {
  readonly type: Type;
  readonly align: number | undefined;
}

/** Offsets of the fields, and the extent of the whole, by C's rules. */
export function layOut(
  fields: readonly FieldRequest[],
  options: Pick<StructDefinition, "isUnion" | "packed"> & { readonly align: number | undefined },
): { readonly offsets: readonly number[]; readonly extent: Extent } {
  let end = 0;
  let align = options.align ?? 1;
  let size = 0;
  const offsets = fields.map((field) => {
    const extent = extentOf(field.type);
    const fieldAlign = Math.max(options.packed ? 1 : extent.align, field.align ?? 1);
    const at = options.isUnion ? 0 : alignUp(end, fieldAlign);
    end = at + extent.size;
    size = Math.max(size, end);
    align = Math.max(align, fieldAlign);
    return at;
  });
  return { offsets, extent: { size: alignUp(size, align), align } };
}
