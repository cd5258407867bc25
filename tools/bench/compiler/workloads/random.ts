/** A deterministic source of 32-bit numbers (xorshift32), so that every run measures the same inputs. */
export function randomSource(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
