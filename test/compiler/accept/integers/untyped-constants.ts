//> 4096 4095 18446744073709547520
//> 3 64 -5
// An expression of literals and constants is exact and takes its type where it is used.
import { print } from "xenlet:host";

const SHIFT = 12;
const PAGE = 1 << SHIFT;
const MASK = PAGE - 1;
const MINUS = -5;

export function main(): i32 {
  let page: u16 = PAGE;
  let mask: u32 = MASK;
  let frame: u64 = ~(mask as u64);
  print(`${page} ${mask} ${frame}`);
  const three = 3;
  let small: u8 = three;
  let large: u64 = three;
  const bits = PAGE / 64;
  let signed: i8 = MINUS;
  print(`${(small as u64) === large ? small : 0} ${bits} ${signed}`);
  return 0;
}
