//> 5 4
// Every index into a slice is checked.
import { print } from "xenlet:host";

function at(slice: Slice<u32>, i: usize): u32 {
  return slice[i]; // stops: index out of bounds
}
export function main(): i32 {
  const array = new FixedArray<u32, 4>();
  array[3] = 5;
  print(`${at(array, 3)} ${array.length}`);
  print(`${at(array, 4)}`);
  return 0;
}
