//> 18446744073709551615 9223372036854775808 6 -1
//> 1099511627776 255
// Constants are computed exactly, however large, before they take a type.
import { print } from "xenlet:host";

const ALL = (1 << 64) - 1;
const TOP = 1 << 63;
const HALF = 13 / 2;
const LESS = 3 - 4;
const WIDE = 1 << 40;

export function main(): i32 {
  let all: u64 = ALL;
  let top: u64 = TOP;
  let half: u8 = HALF;
  let less: i8 = LESS;
  print(`${all} ${top} ${half} ${less}`);
  let wide: u64 = WIDE;
  let byte: u8 = ALL & 0xff;
  print(`${wide} ${byte}`);
  return 0;
}
