//> 2
// Behind a loop holds what all its ends have in common: the counter may have reached the length.
import { print } from "xenlet:host";

function find(bytes: Slice<u8>, wanted: u8): u8 {
  let i: usize = 0;
  for (; i < bytes.length; i++) {
    if (bytes[i] === wanted) break;
  }
  return bytes[i]; // stops: index out of bounds
}
export function main(): i32 {
  const bytes: FixedArray<u8, 3> = [1, 2, 3];
  print(`${find(bytes, 2)}`);
  print(`${find(bytes, 9)}`);
  return 0;
}
