//> true false true true false true
//> true false
//> true true
import { print } from "xenlet:host";

export function main(): i32 {
  let a: u8 = 3;
  let b: u32 = 3;
  print(`${a === b} ${a !== b} ${a <= b} ${a >= b} ${a < b} ${a < b + 1}`);
  let large: u64 = 0x8000000000000000;
  let minus: i8 = -1;
  print(`${large > 1} ${minus > 0}`);
  let t = true;
  print(`${t === (a === 3)} ${t !== (a === 4)}`);
  return 0;
}
