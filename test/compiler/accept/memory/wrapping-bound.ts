// `i + 1 < length` proves nothing about `i` once the addition wraps.
import { print } from "xenlet:host";

function at(slice: Slice<u8>, i: usize): u8 {
  if (i + 1 < slice.length) return slice[i]; // stops: index out of bounds
  return 0;
}
export function main(): i32 {
  const bytes = new FixedArray<u8, 4>();
  print(`${at(bytes, 0xffffffffffffffff)}`);
  return 0;
}
