//> 2 2 128 1
//> 2147483648 1 1
//> 4611686018427387904 9223372036854775808
//> -4 -1 1073741823
//> 15 255 240
// A count is taken modulo the width; `>>` fills with zeros on unsigned types and with the sign on signed ones.
import { print } from "xenlet:host";

function left8(a: u8, n: u32): u8 {
  return a << n;
}
function left32(a: u32, n: u32): u32 {
  return a << n;
}
function right64(a: u64, n: u32): u64 {
  return a >> n;
}
export function main(): i32 {
  print(`${left8(1, 1)} ${left8(1, 9)} ${left8(1, 7)} ${left8(1, 8)}`);
  print(`${left32(1, 31)} ${left32(1, 32)} ${right64(0x8000000000000000, 63)}`);
  print(`${right64(0x8000000000000000, 1)} ${right64(0x8000000000000000, 64)}`);
  let m: i32 = -8;
  print(`${m >> 1} ${m >> 31} ${(-4 as i32) >>> 2}`);
  let b: u8 = 0xff;
  let s: i8 = -1;
  print(`${b >> 4} ${(s >>> 0) as u8} ${(b << 4) as u8}`);
  return 0;
}
