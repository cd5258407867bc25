//> index out of bounds 9 4
//! exit 9
// The program's own handler hears of every failed check.
import { print } from "xenlet:host";
import { ending } from "./parts/ending.ts";

/** @checkHandler */
export function failed(what: string, at: string, got: u64, limit: u64): never {
  print(`${what} ${got} ${limit}`);
  ending(at.bytes().length > 8 ? 9 : 1);
}
const words = new FixedArray<u32, 4>();
function at(i: usize): u32 {
  return words[i];
}
export function main(): i32 {
  return at(9) as i32;
}
