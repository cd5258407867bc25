/** What the compiler benchmark runs: pieces of kernel work, with their inputs and the results that they must give. */

/** A stretch of the memory that a form works in. */
export interface Region {
  /** Bytes from the start of the arena; a multiple of 64. */
  readonly offset: number;
  readonly before: Buffer;
  /** What must stand there after the first call; without it, the region must be unchanged. */
  readonly after?: Buffer;
}

/** One piece of work, the same for every form. */
export interface Workload {
  /** The symbol that every form exports; a form that has none is not compared. */
  readonly symbol: string;
  readonly title: string;
  readonly regions: readonly Region[];
  /** What the first call must return. */
  readonly result: bigint;
  /** Figures are given per operation; one call does this many. */
  readonly operations: number;
  /** The arguments, where byte 0 of the arena has the address `base`. */
  arguments(base: bigint): readonly bigint[];
}

/** Bytes that every form has for its regions. */
export const ARENA_BYTES = 65536;
