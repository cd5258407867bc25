/**
 * What every xenlet program sees without an import. Stock `tsc` checks against this file; the xenlet compiler gives the
 * names their machine meaning. There is no JavaScript standard library behind it (`noLib`).
 */

// ── Machine integers ─────────────────────────────────────────────────────────────────────────────────────────────

/** Unsigned integers: arithmetic wraps at the width. */
type u8 = number;
type u16 = number;
type u32 = number;
type u64 = number;
/** As wide as an address: the same machine type as `u64`. */
type usize = number;
/** Signed integers: an overflow is a defect, and stops the program in checked builds. */
type i8 = number;
type i16 = number;
type i32 = number;
type i64 = number;
/** As wide as an address: the same machine type as `i64`. */
type isize = number;
type bool = boolean;

declare const nominalBrand: unique symbol;
/**
 * An integer with a name of its own: two nominal types never mix, nor do they mix with plain integers. Only the file
 * that declares a nominal type may convert to and from it (with `as`), so its converters are functions with names.
 *
 *     export type Pfn = Nominal<u64, "Pfn">;
 */
type Nominal<T extends number, Name extends string> = T & { readonly [nominalBrand]: Name };

declare const ownedBrand: unique symbol;
/**
 * A nominal integer that stands for something that must be given back: a grant, a port. It has one owner at a time. A
 * variable that holds one gives it away exactly once on every way through the function: as an argument, as the result,
 * or into a field or element, which must be vacant. Zero is vacant: no owned value is zero.
 *
 *     export type Grant = Owned<u32, "Grant">;
 */
type Owned<T extends number, Name extends string> = Nominal<T, Name> & { readonly [ownedBrand]: true };
/** A parameter that looks at an owned value, which stays its owner's. */
type Borrowed<T extends number> = T;
/** Takes an owned value out of a field or an element, which is vacant from then on. Stops the program where it was. */
declare function take<T extends number>(place: T): T;
/** Whether a variable, a field or an element has an owned value. */
declare function held(place: number): boolean;
/** The plain integer of an owned value, which has no owner any more. Only in the file that declares its type. */
declare function disown(owned: number): number;

/**
 * A set of bit flags named by the const enum `E`, stored in the integer `T`. `|`, `&`, `^` and `~` work between flags of
 * one enum and its members; `has(flags, E.Member)` asks.
 */
type Flags<E extends number, T extends number> = T;
/** Whether every bit of `members` is set in `flags`. */
declare function has<T extends number>(flags: T, members: number): boolean;

/** `value` as a `T`; stops the program where it does not fit. */
declare function checked<T extends number>(value: number): T;
/** Whether `value` can be a `T` without loss. */
declare function fits<T extends number>(value: number): boolean;

declare function min<T extends number>(a: T, b: T): T;
declare function max<T extends number>(a: T, b: T): T;
/** The number of bits that are set. */
declare function popCount(value: number): u32;
/** The index of the lowest bit set; `value` must not be 0 (checked). */
declare function lowestBit(value: number): u32;
/** The index of the highest bit set; `value` must not be 0 (checked). */
declare function highestBit(value: number): u32;
/** The bytes in reverse order. */
declare function byteSwap<T extends number>(value: T): T;
declare function rotateLeft<T extends number>(value: T, count: u32): T;
/** The high 64 bits of the 128-bit product. */
declare function multiplyHigh(a: u64, b: u64): u64;

/** Stops the program, with `what` and the place, unless `condition` holds. */
declare function assert(condition: boolean, what: string): asserts condition;
/** A place that the types prove cannot be reached. */
declare function unreachable(value: never): never;

/** How this program was compiled: the C compiler with its version, and what signed overflow does. */
declare const buildInfo: string;

// ── Structs ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a struct's layout must be; each value given is checked at compile time. */
interface Layout {
  /** Bytes. */
  readonly size?: number;
  /** Bytes; more than the natural alignment raises it. */
  readonly align?: number;
  /** No padding between fields. */
  readonly packed?: boolean;
}
type ClassMark = (target: object, context: ClassDecoratorContext<unknown>) => void;
type FieldMark = (target: undefined, context: ClassFieldDecoratorContext<never, unknown>) => void;
/**
 * Marks a class as a struct with C layout. A variable of it is a reference and never null.
 * A field initialised with `new` is embedded; any other field of a struct type is a reference.
 */
declare function struct(layout: Layout): ClassMark;
declare function struct(target: object, context: ClassDecoratorContext<unknown>): void;
/** Marks a class as a C union: every field at offset 0, plain data only. */
declare function union(layout: Layout): ClassMark;
declare function union(target: object, context: ClassDecoratorContext<unknown>): void;
/** Asserts the byte offset of a field. */
declare function offset(bytes: number): FieldMark;
/** Raises the alignment of a field. */
declare function align(bytes: number): FieldMark;

/** Copies the whole of a struct or fixed array. */
declare function copy<T extends object>(target: T, source: T): void;
/** Sets every byte of a struct or fixed array of plain data to 0. */
declare function zero<T extends object>(target: T): void;
/** Compile-time constants of a type's layout, in bytes. */
declare function sizeOf<T>(): usize;
declare function alignOf<T>(): usize;
declare function offsetOf<T extends object>(field: keyof T): usize;

// ── Slices and fixed arrays ──────────────────────────────────────────────────────────────────────────────────────

/** A view of `length` elements that lie one after the other; every index is checked unless it can be proved. */
interface Slice<T> {
  readonly length: usize;
  [index: number]: T;
  [Symbol.iterator](): IterableIterator<T>;
  /** For `for (const [index, element] of slice.entries())`. */
  entries(): IterableIterator<[usize, T]>;
  /** From `start` up to, and not including, `end` (the length where absent). */
  slice(start: usize, end?: usize): Slice<T>;
  /** Copies all of `source` to the front of this slice, which must be long enough. They may overlap. */
  copyFrom(source: Slice<T>): void;
  fill(value: T): void;
  /** Same length and same elements; integers only. */
  equals(other: Slice<T>): boolean;
  /** Little- and big-endian integers at any byte offset. */
  readU16le(this: Slice<u8>, at: usize): u16;
  readU32le(this: Slice<u8>, at: usize): u32;
  readU64le(this: Slice<u8>, at: usize): u64;
  readU16be(this: Slice<u8>, at: usize): u16;
  readU32be(this: Slice<u8>, at: usize): u32;
  readU64be(this: Slice<u8>, at: usize): u64;
  writeU16le(this: Slice<u8>, at: usize, value: u16): void;
  writeU32le(this: Slice<u8>, at: usize, value: u32): void;
  writeU64le(this: Slice<u8>, at: usize, value: u64): void;
  writeU16be(this: Slice<u8>, at: usize, value: u16): void;
  writeU32be(this: Slice<u8>, at: usize, value: u32): void;
  writeU64be(this: Slice<u8>, at: usize, value: u64): void;
}

/** `N` elements in place. A fixed array is accepted wherever a slice is. */
interface FixedArray<T, N extends number> extends Slice<T> {
  readonly length: N;
}
interface FixedArrayConstructor {
  /** Every element zero, or as its struct's field initialisers say. */
  new <T, N extends number>(): FixedArray<T, N>;
}
declare const FixedArray: FixedArrayConstructor;

// ── Memory that somebody else changes ────────────────────────────────────────────────────────────────────────────

type LoadOrder = "relaxed" | "acquire" | "seqcst";
type StoreOrder = "relaxed" | "release" | "seqcst";
type UpdateOrder = "relaxed" | "acquire" | "release" | "acqrel" | "seqcst";

/** An integer that Xen, another domain or another CPU can change at any time: each call is exactly one access. */
interface SharedInteger<T extends number> {
  load(order: LoadOrder): T;
  store(value: T, order: StoreOrder): void;
  /** Each returns the value before. */
  exchange(value: T, order: UpdateOrder): T;
  fetchAdd(value: T, order: UpdateOrder): T;
  fetchAnd(value: T, order: UpdateOrder): T;
  fetchOr(value: T, order: UpdateOrder): T;
  fetchXor(value: T, order: UpdateOrder): T;
  /** Whether it was `expected`, and is `desired` now. */
  compareExchange(expected: T, desired: T, order: UpdateOrder): boolean;
}
interface SharedArray<T, N extends number> {
  readonly length: N;
  /** The element, with the index checked. */
  at(index: usize): Shared<T>;
  /** Copies `target.length` elements, starting at `from`, out of shared memory, once. Plain data only. */
  copyTo(target: Slice<T>, from: usize): void;
  /** Copies all of `source` into shared memory, starting at `to`. */
  copyFrom(source: Slice<T>, to: usize): void;
}
type SharedStruct<T> = { readonly [K in keyof T]: Shared<T[K]> } & {
  /** Copies the whole struct out of shared memory, once; judge the copy. */
  copyTo(target: T): void;
  copyFrom(source: T): void;
};
/** Memory shared with somebody who may change it under us. Only the operations named here touch it. */
type Shared<T> = T extends number
  ? SharedInteger<T>
  : T extends FixedArray<infer E, infer N>
    ? SharedArray<E, N>
    : SharedStruct<T>;

// ── Values ───────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * What an operation on the outside world gives: a value, or why there is none. It may not be dropped.
 */
type Result<T, E = string> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };
declare function ok(): { readonly ok: true; readonly value: undefined };
declare function ok<T>(value: T): { readonly ok: true; readonly value: T };
declare function err<E>(error: E): { readonly ok: false; readonly error: E };

/**
 * A template literal or a string on its way to a formatter: a borrowed list of pieces, made on the caller's stack.
 * A parameter of this type is the only place where a template literal may stand.
 */
type Template = string;
/** One piece of a template. */
type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bytes"; readonly bytes: Slice<u8> }
  | { readonly kind: "unsigned"; readonly value: u64 }
  | { readonly kind: "signed"; readonly value: i64 }
  | { readonly kind: "hex"; readonly value: u64; readonly digits: u32 }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "template"; readonly template: Template };
/** The pieces of a template, for whoever writes a formatter. */
declare function pieces(template: Template): Slice<Piece>;
/** In a template: `value` in hexadecimal, with at least `digits` digits. */
declare function hex(value: number, digits?: u32): Piece;
/** In a template: bytes shown as the text that they are. */
declare function text(bytes: Slice<u8>): Piece;

// ── What TypeScript itself wants to find ─────────────────────────────────────────────────────────────────────────

interface Array<T> extends Slice<T> {
  readonly length: any;
}
interface Boolean {}
interface CallableFunction extends Function {}
interface Function {}
interface IArguments {}
interface NewableFunction extends Function {}
interface Number {}
interface Object {}
interface RegExp {}
interface String {
  /** The UTF-8 bytes. */
  bytes(): Slice<u8>;
}
interface TemplateStringsArray {}
interface SymbolConstructor {
  readonly iterator: unique symbol;
  readonly dispose: unique symbol;
}
declare const Symbol: SymbolConstructor;
interface Symbol {}
interface IteratorYieldResult<T> {
  readonly done?: false;
  readonly value: T;
}
interface IteratorReturnResult<R> {
  readonly done: true;
  readonly value: R;
}
type IteratorResult<T, R = any> = IteratorYieldResult<T> | IteratorReturnResult<R>;
interface Iterator<T, R = any, N = any> {
  next(...arguments_: [] | [N]): IteratorResult<T, R>;
}
interface Iterable<T, R = any, N = any> {
  [Symbol.iterator](): Iterator<T, R, N>;
}
interface IterableIterator<T, R = any, N = any> extends Iterator<T, R, N> {
  [Symbol.iterator](): IterableIterator<T, R, N>;
}
/** What `using` can hold: it is disposed of on every way out of the block. */
interface Disposable {
  [Symbol.dispose](): void;
}
interface ClassDecoratorContext<C> {
  readonly class?: C;
}
interface ClassFieldDecoratorContext<This, Value> {
  readonly of?: (owner: This) => Value;
}
