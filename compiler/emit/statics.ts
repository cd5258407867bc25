/** Static memory: initialisers that C accepts as constants. */
import type * as ir from "../ir/ir.ts";
import { implementationName, nullPart } from "./parts.ts";
import type { Printer } from "./printer.ts";
import { cIdentifier } from "./types.ts";

/** The compound literal for memory made by `new`. */
export function storageInitial(printer: Printer, initial: ir.StorageInitial): string {
  const type = printer.types.storage(initial.type);
  return `(${type})${storageBraces(printer, initial)}`;
}

function storageBraces(printer: Printer, initial: ir.StorageInitial): string {
  const [whole] = initial.fields;
  if (initial.type.kind === "array") return whole === undefined ? "{ 0 }" : staticText(printer, whole.value);
  const fields = initial.fields.map(
    (field) => `.${cIdentifier(field.name)} = ${staticText(printer, field.value)}`,
  );
  return fields.length === 0 ? "{ }" : `{ ${fields.join(", ")} }`;
}

/** A C initialiser. */
export function staticText(printer: Printer, value: ir.StaticValue): string {
  switch (value.kind) {
    case "struct":
      return storageBraces(printer, value.initial);
    case "array":
      return value.elements.length === 0
        ? "{ 0 }"
        : `{ { ${value.elements.map((element) => staticText(printer, element)).join(", ")} } }`;
    case "repeat":
      if (value.type.length === 0) return "{ {} }";
      return `{ { [0 ... ${value.type.length - 1}] = ${staticText(printer, value.element)} } }`;
    case "expression":
      return staticExpression(printer, value.value);
  }
}

/** Braces instead of compound literals, which are no constants. */
function staticExpression(printer: Printer, node: ir.Expression): string {
  switch (node.op) {
    case "string":
      return printer.string(node.value).replace(/^\(\(xl_string\)(.*)\)$/s, "$1");
    case "null":
      return nullPart(node.type) === "" ? "0" : "{ 0 }";
    case "makeVariant": {
      const prefix = printer.types.variantPrefix(node.union, node.variant);
      const tag =
        node.union.discriminant === undefined
          ? []
          : [`.tag = ${printer.types.tagValue(node.union, node.variant)}`];
      const fields = node.values.map(
        (entry) => `.${prefix}${cIdentifier(entry.field)} = ${staticExpression(printer, entry.value)}`,
      );
      return `{ ${[...tag, ...fields].join(", ") || "0"} }`;
    }
    case "convert": {
      const from = node.operand.type;
      if (node.type.kind === "slice" && from.kind === "reference" && from.target.kind === "array") {
        return `{ ${printer.print(node.operand)}->e, ${from.target.length} }`;
      }
      if (node.type.kind === "interface" && from.kind === "reference" && from.target.kind === "struct") {
        return `{ ${printer.print(node.operand)}, &${implementationName(from.target.definition, node.type.definition)} }`;
      }
      return staticExpression(printer, node.operand);
    }
    default:
      return printer.print(node);
  }
}
