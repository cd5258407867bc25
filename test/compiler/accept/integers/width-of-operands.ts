//> 44 300
//> 0 4294967296
// The width of an operation is that of its operands; what the result is stored into does not change it.
import { print } from "xenlet:host";

export function main(): i32 {
  let a: u8 = 200;
  let b: u8 = 100;
  let narrow: u32 = a + b;
  let wide: u32 = (a as u32) + b;
  print(`${narrow} ${wide}`);
  let c: u32 = 0x80000000;
  let lost: u64 = c + c;
  let kept: u64 = (c as u64) + c;
  print(`${lost} ${kept}`);
  return 0;
}
