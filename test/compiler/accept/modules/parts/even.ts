import { odd } from "./odd.ts";
export function even(n: u32): boolean {
  return n === 0 ? true : odd(n - 1);
}
