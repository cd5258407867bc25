//> -1 1 0 -2
import { print } from "xenlet:host";

function remainder(a: i32, b: i32): i32 {
  return a % b;
}
export function main(): i32 {
  print(`${remainder(-7, 3)} ${remainder(7, -3)} ${remainder(6, 3)} ${remainder(-8, -3)}`);
  return 0;
}
