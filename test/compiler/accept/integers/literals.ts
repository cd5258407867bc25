//> 18446744073709551615 9223372036854775809 1000000 255 8 5
//> -9223372036854775808 9223372036854775807
//> ffffffffffffffff 8000000000000001
// Literals are exact to 64 bits: none goes through a double.
import { print } from "xenlet:host";

export function main(): i32 {
  let a: u64 = 18446744073709551615;
  let b: u64 = 0x8000000000000001;
  let c: u32 = 1_000_000;
  let d: u8 = 0xff;
  let e: u8 = 0o10;
  let f: u8 = 0b101;
  print(`${a} ${b} ${c} ${d} ${e} ${f}`);
  let least: i64 = -9223372036854775808;
  let most: i64 = 9223372036854775807;
  print(`${least} ${most}`);
  print(`${hex(a)} ${hex(b)}`);
  return 0;
}
