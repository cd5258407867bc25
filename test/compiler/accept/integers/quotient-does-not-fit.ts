//> -9223372036854775808
// The one signed quotient that does not fit.
import { print } from "xenlet:host";

function divide(a: i64, b: i64): i64 {
  return a / b; // stops: quotient does not fit
}
export function main(): i32 {
  print(`${divide(-9223372036854775808, 1)}`);
  print(`${divide(-9223372036854775808, -1)}`);
  return 0;
}
