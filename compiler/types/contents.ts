import type { Type } from "./type.ts";

/** Whether a value of the type can refer to memory. */
export function carriesReference(type: Type): boolean {
  switch (type.kind) {
    case "reference":
    case "slice":
    case "interface":
    case "template":
      return true;
    case "union":
      return type.definition.variants.some((variant) =>
        variant.fields.some((field) => carriesReference(field.type)),
      );
    // Text is static, functions are code, and shared memory and raw pointers are nobody's frame.
    default:
      return false;
  }
}
