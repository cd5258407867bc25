//> fine
import { print } from "xenlet:host";

function check(n: u32): void {
  assert(n < 4, "n is small"); // stops: assertion failed: n is small
  print("fine");
}
export function main(): i32 {
  check(3);
  check(4);
  return 0;
}
