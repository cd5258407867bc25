//> before
// Signed overflow stops the program, with the place.
import { print } from "xenlet:host";

function most(): i32 {
  return 2147483647;
}
export function main(): i32 {
  print("before");
  let x = most();
  x = x + 1; // stops: signed overflow
  print(`${x}`);
  return 0;
}
