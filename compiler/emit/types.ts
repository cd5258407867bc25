/** Machine types → C types. Whatever is named is declared, each once, in an order that C accepts. */
import {
  booleanType,
  type FunctionType,
  type InterfaceDefinition,
  type StructDefinition,
  type Type,
  type UnionDefinition,
} from "../types/type.ts";

const words = new Set(
  `auto break case char const continue default do double else enum extern float for goto if inline int long register
  restrict return short signed sizeof static struct switch typedef union unsigned void volatile while asm typeof bool
  true false linux unix NULL errno stdin stdout stderr u8 u16 u32 u64 i8 i16 i32 i64 main`.split(/\s+/),
);

/** A TypeScript name as a C identifier. */
export function cIdentifier(name: string): string {
  const clean = name.replace(/[^A-Za-z0-9_]/g, "_");
  return words.has(clean) ? `${clean}_` : clean;
}

/** The C types of one program. */
export class CTypes {
  readonly #names = new Map<string, string>();
  readonly #used = new Map<string, number>();
  readonly #forwards: string[] = [];
  readonly #typedefs: string[] = [];
  readonly #definitions: string[] = [];
  readonly #tables: string[] = [];
  /** Types that have a name and no definition yet. */
  readonly #pending = new Map<string, () => void>();
  /** What a template is a slice of. */
  readonly piece: Type;

  constructor(piece: Type) {
    this.piece = piece;
  }

  /** All declarations, ready to stand before the functions. */
  get declarations(): string {
    for (const name of this.#pending.keys()) this.#define(name);
    return [...this.#forwards, "", ...this.#typedefs, "", ...this.#definitions, ...this.#tables, ""].join(
      "\n",
    );
  }

  /** The C type of a variable that holds a `type`. */
  name(type: Type): string {
    switch (type.kind) {
      case "integer":
        return `${type.signed ? "i" : "u"}${type.bits}`;
      case "enum":
        return this.name(type.definition.representation);
      case "boolean":
        return "bool";
      case "void":
      case "never":
        return "void";
      case "string":
        return "xl_string";
      case "reference":
        return `${this.storage(type.target)} *`;
      case "shared":
      case "pointer":
        return type.target.kind === "void" ? "void *" : `${this.storage(type.target)} *`;
      case "struct":
      case "array":
        return this.storage(type);
      case "slice":
        return this.#slice(type.element);
      case "template":
        return this.#slice(this.piece);
      case "union":
        return this.union(type.definition);
      case "interface":
        return this.interface(type.definition);
      case "function":
        return this.#function(type);
      case "constant":
      case "null":
      case "parameter":
        throw new Error(`a ${type.kind} reached the printer`);
    }
  }

  /** The C type of memory laid out as `type`. */
  storage(type: Type): string {
    if (type.kind === "struct") return this.struct(type.definition);
    if (type.kind === "array") return this.#array(type.element, type.length);
    return this.name(type);
  }

  /** A named type; `define` runs when a whole value of it is needed, or at the end. */
  #once(key: string, wanted: string, define: (name: string) => void): string {
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const clean = cIdentifier(wanted);
    const count = this.#used.get(clean) ?? 0;
    this.#used.set(clean, count + 1);
    const name = `struct ${count === 0 ? clean : `${clean}_${count + 1}`}`;
    this.#names.set(key, name);
    this.#forwards.push(`${name};`);
    this.#pending.set(name, () => {
      define(name);
    });
    return name;
  }

  /** The C type of a member that lies in place, which C wants defined before. */
  #inPlace(type: Type): string {
    const name = this.storage(type);
    this.#define(name);
    return name;
  }

  #define(name: string): void {
    const define = this.#pending.get(name);
    this.#pending.delete(name);
    define?.();
  }

  struct(definition: StructDefinition): string {
    return this.#once(`struct ${definition.id}`, definition.name, (name) => {
      this.#defineStruct(definition, name);
    });
  }

  #defineStruct(definition: StructDefinition, name: string): void {
    const fields = definition.fields
      .filter((field) => field.type.kind !== "void")
      .map((field) => {
        const align = field.align === undefined ? "" : ` __attribute__((aligned(${field.align})))`;
        return `  ${this.#inPlace(field.type)} ${cIdentifier(field.name)}${align};`;
      });
    const marks = [
      ...(definition.packed ? ["packed"] : []),
      ...(definition.align > 1 ? [`aligned(${definition.align})`] : []),
    ];
    const attribute = marks.length === 0 ? "" : ` __attribute__((${marks.join(", ")}))`;
    this.#definitions.push(
      `${name} {`,
      ...(definition.isUnion ? ["  union {", ...fields, "  };"] : fields),
      `}${attribute};`,
      `_Static_assert(sizeof(${name}) == ${definition.size}, "size of ${definition.name}");`,
      ...definition.fields.map(
        (field) =>
          `_Static_assert(__builtin_offsetof(${name}, ${cIdentifier(field.name)}) == ${field.offset}, "${definition.name}.${field.name}");`,
      ),
    );
  }

  #array(element: Type, length: number): string {
    return this.#once(
      `array ${element.key} ${length}`,
      `array_${length}_${this.#mangle(element)}`,
      (name) => {
        const inner = this.#inPlace(element);
        this.#definitions.push(`${name} { ${inner} e[${length}]; };`);
      },
    );
  }

  #slice(element: Type): string {
    return this.#once(`slice ${element.key}`, `slice_${this.#mangle(element)}`, (name) => {
      this.#definitions.push(`${name} { ${this.storage(element)} *ptr; u64 len; };`);
    });
  }

  #mangle(type: Type): string {
    return this.storage(type)
      .replace(/^(struct|union) /, "")
      .replace(/(struct|union) /g, "")
      .replace(/\s*\*/g, "_ref")
      .replace(/\W/g, "_");
  }

  #function(type: FunctionType): string {
    const key = `function ${type.parameters.map((parameter) => parameter.key).join(",")}=>${type.result.key}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = `function_${this.#typedefs.length + 1}`;
    this.#names.set(key, name);
    const parameters = type.parameters.map((parameter) => this.name(parameter)).join(", ") || "void";
    const result = this.name(type.result);
    this.#typedefs.push(`typedef ${result} (*${name})(${parameters});`);
    return name;
  }

  /** The member of a union's C struct that holds the fields of one variant; records hold them directly. */
  variantPrefix(union: UnionDefinition, variant: number): string {
    if (union.discriminant === undefined) return "";
    return `as_${String(union.variants[variant]?.tag).replace(/\W/g, "_")}.`;
  }

  /** The C value of a variant's tag: strings are numbered. */
  tagValue(union: UnionDefinition, variant: number): string {
    const tag = union.variants[variant]?.tag;
    return typeof tag === "string" ? String(variant) : String(tag);
  }

  union(union: UnionDefinition): string {
    return this.#once(`union ${union.id}`, union.name, (name) => {
      const bodies = union.variants.map((variant) =>
        variant.fields
          .filter((field) => field.type.kind !== "void" && field.type.kind !== "never")
          .map((field) => `${this.#inPlace(field.type)} ${cIdentifier(field.name)};`),
      );
      if (union.discriminant === undefined) {
        this.#definitions.push(`${name} { ${bodies.flat().join(" ")} };`);
        return;
      }
      const tagType =
        union.discriminantType?.kind === "string" ? "u8" : this.name(union.discriminantType ?? booleanType);
      const members = bodies.flatMap((body, i) =>
        body.length === 0
          ? []
          : [`struct { ${body.join(" ")} } ${this.variantPrefix(union, i).slice(0, -1)};`],
      );
      const choice = members.length === 0 ? "" : ` union { ${members.join(" ")} };`;
      this.#definitions.push(`${name} { ${tagType} tag;${choice} };`);
    });
  }

  /** The table from a tag's number to its text. */
  tagNames(union: UnionDefinition): string {
    const name = this.union(union).replace(/^struct /, "") + "_tags";
    if (!this.#names.has(name)) {
      this.#names.set(name, name);
      const texts = union.variants.map((variant) => `XL_TEXT(${JSON.stringify(String(variant.tag))})`);
      this.#tables.push(`static const xl_string ${name}[] = { ${texts.join(", ")} };`);
    }
    return name;
  }

  interface(definition: InterfaceDefinition): string {
    return this.#once(`interface ${definition.id}`, definition.name, (name) => {
      this.#forwards.push(`${name}_methods;`);
      const methods = definition.methods.map((method) => {
        const parameters = ["void *", ...method.type.parameters.map((parameter) => this.name(parameter))];
        return `  ${this.name(method.type.result)} (*${cIdentifier(method.name)})(${parameters.join(", ")});`;
      });
      this.#definitions.push(
        `${name}_methods {`,
        ...methods,
        `};`,
        `${name} { void *self; const ${name}_methods *methods; };`,
      );
    });
  }
}
