import { B } from "./parts/cycle.ts";
export const A = B + 1; // error XL6002
export function main(): i32 {
  return A;
}
