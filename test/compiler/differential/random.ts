/** Random numbers that repeat from their seed: SplitMix64 (Steele, Lea, Flood 2014). */

export interface Random {
  /** From 0 to `limit` - 1. */
  below(limit: number): number;
  /** 64 random bits. */
  bits(): bigint;
  pick<T>(from: readonly [T, ...T[]]): T;
}

export function seededRandom(seed: bigint): Random {
  let state = BigInt.asUintN(64, seed);
  const bits = (): bigint => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  };
  const below = (limit: number): number => Number(bits() % BigInt(limit));
  return { bits, below, pick: (from) => from[below(from.length)] ?? from[0] };
}
