//> 8 14 6 245
//> 65535 -1 -16
//> 4294967280
import { print } from "xenlet:host";

export function main(): i32 {
  let a: u8 = 10;
  let b: u8 = 12;
  print(`${a & b} ${a | b} ${a ^ b} ${~a}`);
  let c: u16 = 0;
  let d: i32 = 0;
  print(`${~c} ${~d} ${~(d + 15)}`);
  let mask: u32 = 15;
  print(`${~mask & 0xffffffff}`);
  return 0;
}
