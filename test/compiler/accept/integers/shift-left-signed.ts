//> -16 -2147483648 2
// A left shift keeps the bits; it is no multiplication, and never stops.
import { print } from "xenlet:host";

export function main(): i32 {
  let a: i32 = -1;
  let b: i32 = 1;
  let n: u32 = 31;
  print(`${a << 4} ${b << n} ${b << (n + 2)}`);
  return 0;
}
