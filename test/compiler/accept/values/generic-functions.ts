//> 3 5 true
//> 200
import { print } from "xenlet:host";

function larger<T extends number>(a: T, b: T): T {
  return a > b ? a : b;
}
function first<T>(slice: Slice<T>): T {
  return slice[0];
}
@struct
class Entry {
  id: u8 = 200;
}
export function main(): i32 {
  let a: u8 = 3;
  let b: i64 = -5;
  print(`${larger(a, 2)} ${larger(b, 5)} ${larger<u32>(1, 2) === 2}`);
  const entries = new FixedArray<Entry, 2>();
  print(`${first<Entry>(entries).id}`);
  return 0;
}
