import { even } from "./even.ts";
export function odd(n: u32): boolean {
  return n === 0 ? false : even(n - 1);
}
