/** Template literals → the pieces that a formatter takes. */
import type * as ir from "../ir/ir.ts";
import type ts from "../typescript.ts";
import { show } from "../types/show.ts";
import { i64, stringType, templateType, type Type, type UnionType, u64 } from "../types/type.ts";
import type { Checker, Scope } from "./context.ts";
import { convert } from "./convert.ts";
import { integerNode } from "./nodes.ts";

/** A template literal where a `Template` is wanted. */
export function template(
  checker: Checker,
  scope: Scope,
  node: ts.TemplateExpression,
  hint?: Type,
): ir.Expression {
  if (hint?.kind !== "template") throw checker.report.refuse(node, "templatePlace");
  const pieceType = checker.types.piece();
  const text = (value: string): ir.Expression[] =>
    value === ""
      ? []
      : [piece(pieceType, "text", [{ field: "text", value: { op: "string", type: stringType, value } }])];
  const pieces = [
    ...text(node.head.text),
    ...node.templateSpans.flatMap((span) => [
      pieceOf(checker, scope, span.expression, pieceType),
      ...text(span.literal.text),
    ]),
  ];
  return { op: "template", type: templateType, pieces, pieceType };
}

/** A `Piece` of the variant `kind`. */
export function piece(type: UnionType, kind: string, values: ir.MakeVariantNode["values"]): ir.Expression {
  const variant = type.definition.variants.findIndex((candidate) => candidate.tag === kind);
  return { op: "makeVariant", type, union: type.definition, variant, values };
}

/** How a value shows in a template: by its machine type. */
function pieceOf(checker: Checker, scope: Scope, node: ts.Expression, pieceType: UnionType): ir.Expression {
  const value = checker.hinted(scope, node);
  const type = value.type;
  if (type.key === pieceType.key) return value;
  if (value.op === "integer" && type.kind === "constant") {
    return value.value < 0n
      ? piece(pieceType, "signed", [{ field: "value", value: convert(checker, value, i64, node) }])
      : piece(pieceType, "unsigned", [{ field: "value", value: integerNode(value.value, u64) }]);
  }
  const integer = type.kind === "enum" ? type.definition.representation : type;
  if (integer.kind === "integer") {
    const wide = integer.signed ? i64 : u64;
    return piece(pieceType, integer.signed ? "signed" : "unsigned", [
      { field: "value", value: { op: "cast", type: wide, operand: value } },
    ]);
  }
  if (type.kind === "boolean") return piece(pieceType, "boolean", [{ field: "value", value }]);
  if (type.kind === "string" && !type.nullable) return piece(pieceType, "text", [{ field: "text", value }]);
  if (type.kind === "template") return piece(pieceType, "template", [{ field: "template", value }]);
  throw checker.report.refuse(node, "notPrintable", show(type));
}
