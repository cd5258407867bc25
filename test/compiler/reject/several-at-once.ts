// One run tells of every mistake, in every function and file.
import { print } from "xenlet:host";
import { wide } from "./parts/wide.ts";

function first(a: number): u32 { // error XL2001
  return 1;
}
function second(): u32 {
  let x: u8 = 256; // error XL2008
  x **= 2; // error XL1002
  print(`${x}`);
  return wide(x);
}
export function main(): i32 {
  let i: i32 = 1;
  let u: u32 = i; // error XL2006
  return first(u) === second() ? 0 : 1;
}
