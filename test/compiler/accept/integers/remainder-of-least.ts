//> 0
// The remainder of the least value and -1 is 0: no overflow there.
import { print } from "xenlet:host";

function remainder(a: i32, b: i32): i32 {
  return a % b;
}
export function main(): i32 {
  print(`${remainder(-2147483648, -1)}`);
  return 0;
}
