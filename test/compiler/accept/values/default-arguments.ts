//> 3 7 12
import { print } from "xenlet:host";

function sum(a: u32, b: u32 = 2, c: u32 = b - 2): u32 {
  return a + b + c;
}
export function main(): i32 {
  print(`${sum(1)} ${sum(1, 4)} ${sum(1, 4, 7)}`);
  return 0;
}
