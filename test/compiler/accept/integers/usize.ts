//> 5 18446744073709551615
// usize and u64 are one machine type, as are isize and i64.
import { print } from "xenlet:host";

function length(s: Slice<u8>): u64 {
  return s.length;
}
export function main(): i32 {
  const bytes = new FixedArray<u8, 5>();
  const n: usize = length(bytes);
  const m: isize = -1;
  const k: i64 = m;
  print(`${n} ${k as u64}`);
  return 0;
}
