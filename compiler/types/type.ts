/**
 * Machine types. A *storage* type (struct, array) says how memory is laid out; what a variable of it holds is a
 * reference. All other types are values that a C variable can hold. Two types are the same when their keys are.
 */

export type Bits = 8 | 16 | 32 | 64;

export interface NominalDefinition {
  readonly name: string;
  /** The file that may convert to and from it. */
  readonly file: string;
  /** What has exactly one owner, who gives it away or ends it. */
  readonly owned?: boolean;
}

export interface EnumDefinition {
  readonly name: string;
  readonly id: number;
  readonly members: ReadonlyMap<string, bigint>;
  readonly representation: IntegerType;
}

export interface IntegerType {
  readonly kind: "integer";
  readonly key: string;
  readonly signed: boolean;
  readonly bits: Bits;
  readonly nominal?: NominalDefinition;
  readonly flags?: EnumDefinition;
}

/** The type of an integer expression known at compile time that has not met a machine type yet. */
export interface ConstantType {
  readonly kind: "constant";
  readonly key: string;
  readonly value: bigint;
  /** Set for a member of an enum. */
  readonly member?: EnumDefinition;
}

export interface Field {
  readonly name: string;
  readonly type: Type;
  /** Bytes from the start of the struct. */
  readonly offset: number;
  readonly size: number;
  /** The alignment asked for by `@align`, in bytes. */
  readonly align: number | undefined;
  readonly documentTags: Readonly<Record<string, string>>;
}

export interface StructDefinition {
  readonly name: string;
  readonly id: number;
  readonly file: string;
  readonly isUnion: boolean;
  readonly packed: boolean;
  readonly documentTags: Readonly<Record<string, string>>;
  /** Filled when the layout has been computed. */
  fields: readonly Field[];
  size: number;
  align: number;
  /** Interfaces that the class implements. */
  interfaces: readonly InterfaceDefinition[];
}

export interface VariantField {
  readonly name: string;
  readonly type: Type;
}

/** One shape of a discriminated union. `tag` is the literal that marks it. */
export interface Variant {
  readonly tag: string | bigint | boolean | undefined;
  readonly fields: readonly VariantField[];
}

export interface UnionDefinition {
  readonly name: string;
  readonly id: number;
  /** The discriminant's name; a plain record of one shape has none. */
  readonly discriminant: string | undefined;
  readonly discriminantType: Type | undefined;
  variants: readonly Variant[];
  readonly isResult: boolean;
}

export interface InterfaceMethod {
  readonly name: string;
  readonly type: FunctionType;
}

export interface InterfaceDefinition {
  readonly name: string;
  readonly id: number;
  methods: readonly InterfaceMethod[];
}

export type StructType = {
  readonly kind: "struct";
  readonly key: string;
  readonly definition: StructDefinition;
};
export type ArrayType = {
  readonly kind: "array";
  readonly key: string;
  readonly element: Type;
  readonly length: number;
};
/** What lies in memory, and is referred to. */
export type StorageType = StructType | ArrayType;
export type ReferenceType = {
  readonly kind: "reference";
  readonly key: string;
  readonly target: StorageType;
  readonly nullable: boolean;
};
export type SliceType = {
  readonly kind: "slice";
  readonly key: string;
  readonly element: Type;
  readonly nullable: boolean;
};
export type PointerType = { readonly kind: "pointer"; readonly key: string; readonly target: Type };
export type SharedType = {
  readonly kind: "shared";
  readonly key: string;
  readonly target: Type;
  readonly nullable: boolean;
};
export interface FunctionType {
  readonly kind: "function";
  readonly key: string;
  readonly parameters: readonly Type[];
  readonly result: Type;
  /** A value of this type is run in an upcall or trap. */
  readonly interrupt: boolean;
  readonly nullable: boolean;
}
export type InterfaceType = {
  readonly kind: "interface";
  readonly key: string;
  readonly definition: InterfaceDefinition;
  readonly nullable: boolean;
};
export type UnionType = {
  readonly kind: "union";
  readonly key: string;
  readonly definition: UnionDefinition;
};
export type EnumType = { readonly kind: "enum"; readonly key: string; readonly definition: EnumDefinition };
export type StringType = { readonly kind: "string"; readonly key: string; readonly nullable: boolean };
export type SimpleType = {
  readonly kind: "boolean" | "void" | "never" | "null" | "template";
  readonly key: string;
};
/** A type parameter that is being inferred. */
export type ParameterType = { readonly kind: "parameter"; readonly key: string; readonly name: string };

/** Every type there is. */
export type Type =
  | IntegerType
  | ConstantType
  | StorageType
  | ReferenceType
  | SliceType
  | PointerType
  | SharedType
  | FunctionType
  | InterfaceType
  | UnionType
  | EnumType
  | StringType
  | SimpleType
  | ParameterType;

const simple = <K extends SimpleType["kind"]>(kind: K): SimpleType => ({ kind, key: kind });
export const booleanType = simple("boolean");
export const voidType = simple("void");
export const neverType = simple("never");
export const nullType = simple("null");
export const templateType = simple("template");
export const stringType: StringType = { kind: "string", key: "string", nullable: false };

/** A plain machine integer. */
export function integerType(signed: boolean, bits: Bits): IntegerType {
  return { kind: "integer", key: `${signed ? "i" : "u"}${bits}`, signed, bits };
}
export const u8 = integerType(false, 8);
export const u32 = integerType(false, 32);
export const u64 = integerType(false, 64);
export const i32 = integerType(true, 32);
export const i64 = integerType(true, 64);
export const u16 = integerType(false, 16);

/** A machine integer with a name of its own. */
export function nominalType(base: IntegerType, nominal: NominalDefinition): IntegerType {
  return { ...base, key: `${nominal.name}@${nominal.file}`, nominal };
}
/** What a function that only looks at an owned integer takes. */
export function borrowedType(type: IntegerType): IntegerType {
  const { nominal } = type;
  if (nominal === undefined) return type;
  return nominalType(plainInteger(type), { name: `Borrowed<${nominal.name}>`, file: nominal.file });
}
/** Flags named by an enum, stored in an integer. */
export function flagsType(base: IntegerType, flags: EnumDefinition): IntegerType {
  return { ...base, key: `Flags<${flags.name}#${flags.id},${base.key}>`, flags };
}
/** The machine integer under a nominal or flags type. */
export function plainInteger(type: IntegerType): IntegerType {
  return integerType(type.signed, type.bits);
}
/** The type of a constant that is still free; `member` where it is an enum's. */
export function constantType(value: bigint, member?: EnumDefinition): ConstantType {
  const key = member === undefined ? `constant ${value}` : `${member.name}#${member.id} ${value}`;
  return member === undefined ? { kind: "constant", key, value } : { kind: "constant", key, value, member };
}
export function enumType(definition: EnumDefinition): EnumType {
  return { kind: "enum", key: `enum ${definition.name}#${definition.id}`, definition };
}
export function structType(definition: StructDefinition): StructType {
  return { kind: "struct", key: `struct ${definition.name}#${definition.id}`, definition };
}
/** Storage of `length` elements; a length of -1 is yet to be inferred. */
export function arrayType(element: Type, length: number): ArrayType {
  return { kind: "array", key: `FixedArray<${element.key},${length}>`, element, length };
}
const question = (nullable: boolean): string => (nullable ? "|null" : "");
export function referenceType(target: StorageType, nullable = false): ReferenceType {
  return { kind: "reference", key: `&${target.key}${question(nullable)}`, target, nullable };
}
export function sliceType(element: Type, nullable = false): SliceType {
  return { kind: "slice", key: `Slice<${element.key}>${question(nullable)}`, element, nullable };
}
export function pointerType(target: Type): PointerType {
  return { kind: "pointer", key: `Ptr<${target.key}>`, target };
}
export function sharedType(target: Type, nullable = false): SharedType {
  return { kind: "shared", key: `Shared<${target.key}>${question(nullable)}`, target, nullable };
}
/** A function value; `interrupt` where it runs in an upcall or trap. */
export function functionType(
  parameters: readonly Type[],
  result: Type,
  interrupt = false,
  nullable = false,
): FunctionType {
  const key = `(${parameters.map((p) => p.key).join(",")})=>${result.key}${interrupt ? "!" : ""}${question(nullable)}`;
  return { kind: "function", key, parameters, result, interrupt, nullable };
}
export function interfaceType(definition: InterfaceDefinition, nullable = false): InterfaceType {
  return {
    kind: "interface",
    key: `interface ${definition.name}#${definition.id}${question(nullable)}`,
    definition,
    nullable,
  };
}
export function unionType(definition: UnionDefinition): UnionType {
  return { kind: "union", key: `union ${definition.name}#${definition.id}`, definition };
}

/** Whether two types are one. */
export function sameType(a: Type, b: Type): boolean {
  return a.key === b.key;
}

type NullableType = ReferenceType | SliceType | SharedType | FunctionType | InterfaceType | StringType;
/** Types that have room for `null`. */
export function canBeNull(type: Type): type is NullableType {
  return ["reference", "slice", "shared", "function", "interface", "string"].includes(type.kind);
}
/** The same type with or without room for `null`. */
export function withNull(type: NullableType, nullable: boolean): Type {
  switch (type.kind) {
    case "reference":
      return referenceType(type.target, nullable);
    case "slice":
      return sliceType(type.element, nullable);
    case "shared":
      return sharedType(type.target, nullable);
    case "function":
      return functionType(type.parameters, type.result, type.interrupt, nullable);
    case "interface":
      return interfaceType(type.definition, nullable);
    case "string":
      return { kind: "string", key: `string${question(nullable)}`, nullable };
  }
}
/** Whether a value of the type may be `null`. */
export function isNullable(type: Type): boolean {
  return canBeNull(type) && type.nullable;
}

/** What a variable of a declared type holds: a reference where the type is storage. */
export function valueOf(type: Type): Type {
  return type.kind === "struct" || type.kind === "array" ? referenceType(type) : type;
}
