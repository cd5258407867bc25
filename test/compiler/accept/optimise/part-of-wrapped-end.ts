//> 5
// A part that ends behind the highest address starts behind its end.
import { print } from "xenlet:host";

function second(bytes: Slice<u8>, first: usize, count: usize): u8 {
  const part = bytes.slice(first, first + count); // stops: range out of bounds
  for (let i: usize = 0; i < count; i++) {
    if (i === 1) return part[i];
  }
  return 0;
}
export function main(): i32 {
  const bytes: FixedArray<u8, 4> = [3, 4, 5, 6];
  print(`${second(bytes, 1, 2)}`);
  print(`${second(bytes, 3, 0xfffffffffffffffe)}`);
  return 0;
}
