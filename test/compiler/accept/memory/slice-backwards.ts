//> 3
import { print } from "xenlet:host";

function cut(slice: Slice<u8>, start: usize, end: usize): usize {
  return slice.slice(start, end).length; // stops: range out of bounds
}
export function main(): i32 {
  const bytes = new FixedArray<u8, 5>();
  print(`${cut(bytes, 1, 4)}`);
  print(`${cut(bytes, 4, 3)}`);
  return 0;
}
