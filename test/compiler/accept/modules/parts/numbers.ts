export const base: u32 = 7;
export type Unit = { readonly count: u32 };
export function double(n: u32): u32 {
  return n * 2;
}
