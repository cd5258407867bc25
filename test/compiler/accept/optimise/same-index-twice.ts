//> 4
// Two uses of one index in one expression: whichever is looked at first, none may read before a check.
import { print } from "xenlet:host";

function twice(bytes: Slice<u8>, i: usize): u32 {
  return (bytes[i] as u32) * 2 + (bytes[i] & 0xf); // stops: index out of bounds
}
export function main(): i32 {
  const bytes: FixedArray<u8, 2> = [1, 2];
  print(`${twice(bytes, 1) - 2}`);
  print(`${twice(bytes, 2)}`);
  return 0;
}
