//> -8 12 -20
//> -3 -2 3 2
//> -3 2 -7
// Division truncates towards zero; a remainder has the sign of the dividend.
import { print } from "xenlet:host";

export function main(): i32 {
  let a: i32 = 2;
  let b: i32 = -10;
  print(`${a + b} ${a - b} ${a * b}`);
  let m: i32 = -17;
  let n: i32 = 5;
  print(`${m / n} ${m % n} ${m / -n} ${17 % n}`);
  let s: i8 = -3;
  print(`${s} ${-s - 1} ${s - 4}`);
  return 0;
}
