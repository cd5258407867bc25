//> 50
import { print } from "xenlet:host";

function divide(a: u32, b: u32): u32 {
  return a / b; // stops: division by zero
}
export function main(): i32 {
  print(`${divide(100, 2)}`);
  print(`${divide(100, 0)}`);
  return 0;
}
