//> false true false true
import { print } from "xenlet:host";

export function main(): i32 {
  let minus: i64 = -1;
  let large: u64 = 0xffffffffffffffff;
  let seven: u64 = 7;
  print(`${fits<u64>(minus)} ${fits<i64>(seven)} ${fits<i64>(large)} ${fits<i8>(seven)}`);
  print(`${checked<i64>(large)}`); // stops: value does not fit
  return 0;
}
