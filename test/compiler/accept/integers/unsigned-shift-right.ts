//> 255 65535 2147483647 9223372036854775807
// `>>>` shifts zeros in at the width of the type.
import { print } from "xenlet:host";

export function main(): i32 {
  let a: i16 = -1;
  let c: i32 = -1;
  let d: i64 = -1;
  print(`${a >>> 8} ${(a >>> 0) as u16} ${c >>> 1} ${d >>> 1}`);
  return 0;
}
