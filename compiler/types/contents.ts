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

/** Whether memory of the type has places for references. */
export function storesReference(type: Type): boolean {
  switch (type.kind) {
    case "struct":
      return type.definition.fields.some((field) => storesReference(field.type));
    case "array":
      return storesReference(type.element);
    default:
      return carriesReference(type);
  }
}

/** Whether the type is that of a handle with one owner. */
export function isOwned(type: Type): boolean {
  return type.kind === "integer" && type.nominal?.owned === true;
}

/** Whether a value of the type is, or carries, a handle with one owner. */
export function carriesOwned(type: Type): boolean {
  if (type.kind !== "union") return isOwned(type);
  return type.definition.variants.some((variant) => variant.fields.some((field) => carriesOwned(field.type)));
}

/** Whether memory of the type has places for handles with one owner. */
export function storesOwned(type: Type): boolean {
  switch (type.kind) {
    case "struct":
      return type.definition.fields.some((field) => storesOwned(field.type));
    case "array":
      return storesOwned(type.element);
    default:
      return isOwned(type);
  }
}

/** Whether every bit pattern is a value of the type, so that a stranger may write it. */
export function isPlainData(type: Type): boolean {
  switch (type.kind) {
    case "integer":
      return !isOwned(type);
    case "array":
      return isPlainData(type.element);
    case "struct":
      return type.definition.fields.every((field) => isPlainData(field.type));
    // A type parameter is judged when it is known.
    case "parameter":
      return true;
    default:
      return false;
  }
}

/** Whether memory of zeros would hold a reference that may not be null. */
export function holdsReferences(type: Type): boolean {
  switch (type.kind) {
    case "struct":
      return type.definition.fields.some((field) => holdsReferences(field.type));
    case "array":
      return holdsReferences(type.element);
    case "reference":
    case "shared":
    case "function":
    case "interface":
      return !type.nullable;
    default:
      return false;
  }
}
