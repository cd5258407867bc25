//> 255 65535 4294967295 18446744073709551615
//> -1 -1 -1 -1
//> 52 4660 -56
//> 18446744073709551614 128
// `as` truncates, and keeps the bits between signed and unsigned.
import { print } from "xenlet:host";

export function main(): i32 {
  let minus: i64 = -1;
  print(`${minus as u8} ${minus as u16} ${minus as u32} ${minus as u64}`);
  let ones: u64 = 0xffffffffffffffff;
  print(`${ones as i8} ${ones as i16} ${ones as i32} ${ones as i64}`);
  let word: u32 = 0x51234;
  let byte: u8 = 200;
  print(`${word as u8} ${word as u16} ${byte as i8}`);
  let small: i8 = -2;
  let least: i8 = -128;
  print(`${small as u64} ${least as u8}`);
  return 0;
}
