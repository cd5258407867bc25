//> 127
// An i8 overflows as an i8, although C would compute in int.
import { print } from "xenlet:host";

export function main(): i32 {
  let x: i8 = 126;
  for (let i: u32 = 0; i < 2; i++) {
    x++; // stops: signed overflow
    print(`${x}`);
  }
  return 0;
}
