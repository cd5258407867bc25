//> -1
import { print } from "xenlet:host";

function remainder(a: i64, b: i64): i64 {
  return a % b; // stops: division by zero
}
export function main(): i32 {
  print(`${remainder(-7, 2)}`);
  print(`${remainder(1, 0)}`);
  return 0;
}
