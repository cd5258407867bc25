//> 3 7 -3 2
//> 4
import { print } from "xenlet:host";

export function main(): i32 {
  let a: u32 = 3;
  let b: u32 = 7;
  let c: i8 = -3;
  let d: i8 = 2;
  print(`${min(a, b)} ${max(a, b)} ${min(c, d)} ${max(c, d)}`);
  print(`${max(a, 4)}`);
  return 0;
}
