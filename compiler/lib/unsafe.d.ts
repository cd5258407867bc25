/**
 * What can break every promise of the language. Only code that imports this module can use it, and a test lists who does.
 */
declare module "xenlet:unsafe" {
  /** A raw pointer, possibly null, with no bounds. */
  export interface Ptr<T> {
    readonly address: u64;
    load(): T;
    store(value: T): void;
    /** `count` elements further. */
    add(count: isize): Ptr<T>;
    cast<U>(): Ptr<U>;
    /** For structs: a reference to what it points at. */
    readonly target: T;
  }
  export function ptr<T>(address: number): Ptr<T>;
  /** A reference to the struct (or fixed array) at an address. */
  export function structAt<T extends object>(address: number): T;
  /** Shared memory at an address. */
  export function sharedAt<T>(address: number): Shared<T>;
  export function sliceAt<T>(address: number, length: usize): Slice<T>;
  /** The address of a struct, a fixed array, a slice's first element, shared memory or a function. */
  export function addressOf(value: unknown): u64;
  /** The function of type `F` at an address. */
  export function functionAt<F>(address: number): F;
  /** The bytes of a struct or fixed array. */
  export function bytesOf(value: object): Slice<u8>;
  /** Static text made of bytes that live forever; they must be UTF-8. */
  export function stringOf(bytes: Slice<u8>): string;
  /** The address of a symbol of the linker or of an assembly file. */
  export function symbolAddress(name: string): u64;

  /** The frame pointer of the function that asks. */
  export function frameAddress(): u64;
  export function readTimestampCounter(): u64;
  /** The CPU's hint for a loop that waits. */
  export function spinHint(): void;
  /** An ordering of memory accesses between CPUs. */
  export function fence(order: UpdateOrder): void;
  /** Keeps the compiler from moving memory accesses across; no instruction. */
  export function compilerBarrier(): void;
  /** An undefined instruction: the last resort of a panic. */
  export function trap(): never;
}
