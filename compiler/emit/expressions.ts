/** IR expressions → C expressions. Nothing is refused here. */
import type * as ir from "../ir/ir.ts";
import { hasEffects, isRepeatable, isStable } from "../ir/order.ts";
import { type IntegerType, sliceType, type Type } from "../types/type.ts";
import { arithmetic, castTo, comparison, integerLiteral, unaryText } from "./arithmetic.ts";
import { intrinsicText } from "./intrinsics.ts";
import { implementationName, localName, nullPart } from "./parts.ts";
import type { Printer } from "./printer.ts";
import { staticText, storageInitial } from "./statics.ts";
import { cIdentifier, type CTypes } from "./types.ts";
import { placeText } from "./writer.ts";

/** What printing an expression needs to know. */
export class ExpressionPrinter implements Printer {
  readonly types: CTypes;
  #temporaries = 0;
  #slots: string[] = [];

  constructor(types: CTypes) {
    this.types = types;
  }

  /**
   * Declarations of the memory that what was printed since the last call needs: they stand before the statement, in its
   * block, since memory declared inside a statement expression would be gone when its value is used.
   */
  takeSlots(): string[] {
    return this.#slots.splice(0);
  }

  temporary(): string {
    return `t${++this.#temporaries}_`;
  }

  print(node: ir.Expression): string {
    switch (node.op) {
      case "integer":
        return integerLiteral(node.value, node.type);
      case "boolean":
        return String(node.value);
      case "null":
        return this.#null(node.type);
      case "string":
        return this.string(node.value);
      case "local":
        return localName(node.local);
      case "global":
        return node.global.type.kind === "struct" || node.global.type.kind === "array"
          ? `(&${node.global.cName})`
          : node.global.cName;
      case "function":
        return node.function.cName;
      case "binary":
        return this.#binary(node);
      case "unary":
        return unaryText(node, this.print(node.operand));
      case "compare":
        return this.ordered([node.left, node.right], ([a = "", b = ""]) => comparison(node, a, b));
      case "logical":
        return `(${this.print(node.left)} ${node.operator} ${this.print(node.right)})`;
      case "conditional":
        return `(${this.print(node.condition)} ? ${this.#branch(node.then)} : ${this.#branch(node.otherwise)})`;
      case "cast":
        return castTo(node.type, this.print(node.operand));
      case "convert":
        return this.#convert(node);
      case "nonnull":
        return this.#nonNull(node);
      case "field":
        return this.#field(node);
      case "sharedField":
        return `(&${this.print(node.base)}->${cIdentifier(node.field)})`;
      case "element":
        return this.#element(node);
      case "variantField":
        return this.#variantField(node);
      case "variantTest":
        return this.#variantTest(node);
      case "tag":
        return node.union.discriminantType?.kind === "string"
          ? `${this.types.tagNames(node.union)}[${this.print(node.base)}.tag]`
          : `${this.print(node.base)}.tag`;
      case "makeVariant":
        return this.#makeVariant(node);
      case "new":
        return this.#new(node);
      case "call":
        return this.ordered(node.arguments_, (texts) => `${node.function.cName}(${texts.join(", ")})`);
      case "callValue":
        return this.ordered(
          [node.callee, ...node.arguments_],
          ([callee, ...rest]) => `${callee}(${rest.join(", ")})`,
        );
      case "callMethod":
        return this.#callMethod(node);
      case "template":
        return this.#sliceOf(
          node.pieceType,
          node.pieces.map((piece) => this.print(piece)),
        );
      case "list":
        return this.#list(node);
      case "coalesce":
        return this.#coalesce(node);
      case "letIn":
        return `({ ${this.types.name(node.local.type)} ${localName(node.local)} = ${this.print(node.value)}; ${this.print(node.body)}; })`;
      case "intrinsic":
        return intrinsicText(this, node);
    }
  }

  string(value: string): string {
    // Octal, so that no digit behind an escape can be taken for a part of it.
    const bytes = Buffer.from(value, "utf8");
    const text = [...bytes].map((byte) =>
      byte >= 32 && byte < 127 && byte !== 34 && byte !== 92 && byte !== 63
        ? String.fromCharCode(byte)
        : `\\${byte.toString(8).padStart(3, "0")}`,
    );
    return `((xl_string){ (const u8 *)"${text.join("")}", ${bytes.length} })`;
  }

  ordered(nodes: readonly ir.Expression[], build: (texts: string[]) => string): string {
    const lastEffect = nodes.findLastIndex(hasEffects);
    const lines: string[] = [];
    const texts = nodes.map((node, i) => {
      const mustWait = i < lastEffect && !isStable(node);
      if (!mustWait) return this.print(node);
      const name = this.temporary();
      lines.push(`${this.types.name(node.type)} ${name} = ${this.print(node)};`);
      return name;
    });
    const text = build(texts);
    return lines.length === 0 ? text : `({ ${lines.join(" ")} ${text}; })`;
  }

  /** `body` with a name for `node` that may be used more than once. */
  named(node: ir.Expression, body: (name: string) => string): string {
    if (isRepeatable(node)) return body(this.print(node));
    const name = this.temporary();
    return `({ ${this.types.name(node.type)} ${name} = ${this.print(node)}; ${body(name)}; })`;
  }

  #null(type: Type): string {
    if (type.kind === "void") return "(void)0";
    const isFat = type.kind === "slice" || type.kind === "string" || type.kind === "interface";
    return isFat ? `((${this.types.name(type)}){ 0 })` : "0";
  }

  #branch(node: ir.Expression): string {
    return node.type.kind === "void" && node.op !== "null" ? `(void)${this.print(node)}` : this.print(node);
  }

  #binary(node: ir.BinaryNode): string {
    return this.ordered([node.left, node.right], ([a = "", b = ""]) =>
      arithmetic(node.operator, node.type as IntegerType, a, b, node.right, node.check, node.at),
    );
  }

  #convert(node: ir.ConvertNode): string {
    const { operand, type } = node;
    const from = operand.type;
    if (type.kind === "slice" && from.kind === "reference" && from.target.kind === "array") {
      return `((${this.types.name(type)}){ ${this.print(operand)}->e, ${from.target.length} })`;
    }
    if (type.kind === "interface" && from.kind === "reference" && from.target.kind === "struct") {
      const table = implementationName(from.target.definition, type.definition);
      return `((${this.types.name(type)}){ ${this.print(operand)}, &${table} })`;
    }
    if (type.kind === "template") return this.#textTemplate(operand, type);
    return this.print(operand);
  }

  #nonNull(node: ir.NonNullNode): string {
    if (!node.check) return this.print(node.operand);
    return this.named(node.operand, (name) => {
      const part = nullPart(node.type);
      return `(xl_check_null(${name}${part}, ${placeText(node.at)}), ${name})`;
    });
  }

  #field(node: ir.FieldNode): string {
    const place = `${this.print(node.base)}->${cIdentifier(node.field)}`;
    return node.embedded ? `(&${place})` : place;
  }

  #element(node: ir.ElementNode): string {
    const base = node.base;
    const place = this.namedPlace(base, (name) => {
      const isArray = base.type.kind === "reference" && base.type.target.kind === "array";
      const length =
        isArray && base.type.kind === "reference" && base.type.target.kind === "array"
          ? String(base.type.target.length)
          : `${name}.len`;
      const index = this.print(node.index);
      const checked = node.check ? `xl_index(${index}, ${length}, ${placeText(node.at)})` : index;
      return isArray ? `${name}->e[${checked}]` : `${name}.ptr[${checked}]`;
    });
    return node.embedded ? `(&${place})` : place;
  }

  /** Like `named`, but the body is a place, which a statement expression would copy. */
  namedPlace(node: ir.Expression, body: (name: string) => string): string {
    if (isRepeatable(node)) return body(this.print(node));
    if (node.op === "convert" && node.type.kind === "slice") return body(this.print(node));
    const name = this.temporary();
    return `(*({ ${this.types.name(node.type)} ${name} = ${this.print(node)}; &${body(name)}; }))`;
  }

  #variantField(node: ir.VariantFieldNode): string {
    const field = `${this.types.variantPrefix(node.union, node.variant)}${cIdentifier(node.field)}`;
    if (!node.check) return `${this.print(node.base)}.${field}`;
    const tag = this.types.tagValue(node.union, node.variant);
    return this.named(
      node.base,
      (name) => `(xl_check_variant(${name}.tag == ${tag}, ${placeText(node.at)}), ${name}.${field})`,
    );
  }

  #variantTest(node: ir.VariantTestNode): string {
    if (node.variants.length === 0) return "false";
    return this.named(
      node.base,
      (name) =>
        `(${node.variants.map((variant) => `${name}.tag == ${this.types.tagValue(node.union, variant)}`).join(" || ")})`,
    );
  }

  #makeVariant(node: ir.MakeVariantNode): string {
    const prefix = this.types.variantPrefix(node.union, node.variant);
    const tag =
      node.union.discriminant === undefined
        ? []
        : [`.tag = ${this.types.tagValue(node.union, node.variant)}`];
    return this.ordered(
      node.values.map((entry) => entry.value),
      (texts) => {
        const fields = node.values.map(
          (entry, i) => `.${prefix}${cIdentifier(entry.field)} = ${texts[i] ?? ""}`,
        );
        return `((${this.types.union(node.union)}){ ${[...tag, ...fields].join(", ") || "0"} })`;
      },
    );
  }

  #new(node: ir.NewNode): string {
    const slot = this.temporary();
    this.#slots.push(`${this.types.storage(node.storage.type)} ${slot};`);
    const start = `${slot} = ${storageInitial(this, node.storage)}`;
    if (node.constructor_ === undefined) return `(${start}, &${slot})`;
    const name = node.constructor_.cName;
    return this.ordered(
      node.arguments_,
      (texts) => `(${start}, ${name}(${[`&${slot}`, ...texts].join(", ")}))`,
    );
  }

  #callMethod(node: ir.CallMethodNode): string {
    return this.ordered(node.arguments_, (texts) =>
      this.named(
        node.receiver,
        (name) => `${name}.methods->${cIdentifier(node.method)}(${[`${name}.self`, ...texts].join(", ")})`,
      ),
    );
  }

  /** A template of one text: where that is a literal, the piece is static. */
  #textTemplate(operand: ir.Expression, type: Type): string {
    const slot = this.temporary();
    const piece = this.types.name(this.types.piece);
    if (operand.op !== "string")
      return this.#sliceOf(this.types.piece, [`(${piece}){ .as_text = { ${this.print(operand)} } }`]);
    const text = staticText(this, { kind: "expression", value: operand });
    this.#slots.push(`static ${piece} ${slot} = { .as_text = { ${text} } };`);
    return `((${this.types.name(type)}){ &${slot}, 1 })`;
  }

  #list(node: ir.ListNode): string {
    const texts = node.elements.map((element) => this.print(element));
    if (node.type.kind !== "reference") return this.#sliceOf(node.element, texts);
    const slot = this.temporary();
    this.#slots.push(`${this.types.storage(node.type.target)} ${slot};`);
    const fills = texts.map((text, i) => `${slot}.e[${i}] = ${text}, `).join("");
    return `(${fills}&${slot})`;
  }

  /** A slice of memory in the frame that is filled from left to right. */
  #sliceOf(element: Type, texts: readonly string[]): string {
    const slice = this.types.name(sliceType(element));
    const slot = this.temporary();
    this.#slots.push(`${this.types.storage(element)} ${slot}[${Math.max(1, texts.length)}];`);
    const fills = texts.map((text, i) => `${slot}[${i}] = ${text}, `).join("");
    return `(${fills}(${slice}){ ${slot}, ${texts.length} })`;
  }

  #coalesce(node: ir.CoalesceNode): string {
    return this.named(
      node.left,
      (name) => `(${name}${nullPart(node.left.type)} != 0 ? ${name} : ${this.print(node.right)})`,
    );
  }
}
