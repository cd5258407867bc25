import type { Type } from "./type.ts";

/** A type as the programmer would write it. */
export function show(type: Type): string {
  const nullable = "nullable" in type && type.nullable ? " | null" : "";
  switch (type.kind) {
    case "integer":
      if (type.nominal !== undefined) return type.nominal.name;
      if (type.flags !== undefined)
        return `Flags<${type.flags.name}, ${type.signed ? "i" : "u"}${type.bits}>`;
      return `${type.signed ? "i" : "u"}${type.bits}`;
    case "constant":
      return type.member === undefined ? `the constant ${type.value}` : type.member.name;
    case "struct":
    case "union":
    case "enum":
      return type.definition.name;
    case "interface":
      return `${type.definition.name}${nullable}`;
    case "array":
      return `FixedArray<${show(type.element)}, ${type.length}>`;
    case "reference":
      return `${show(type.target)}${nullable}`;
    case "slice":
      return `Slice<${show(type.element)}>${nullable}`;
    case "pointer":
      return `Ptr<${show(type.target)}>`;
    case "shared":
      return `Shared<${show(type.target)}>${nullable}`;
    case "function":
      return `(${type.parameters.map(show).join(", ")}) => ${show(type.result)}${nullable}`;
    case "string":
      return `string${nullable}`;
    case "template":
      return "Template";
    case "parameter":
      return type.name;
    default:
      return type.kind;
  }
}
