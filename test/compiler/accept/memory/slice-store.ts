// A store is checked as a load is, and nothing was written.
//> 0
import { print } from "xenlet:host";

function put(slice: Slice<u8>, i: usize): void {
  slice[i] = 1; // stops: index out of bounds
}
export function main(): i32 {
  const array = new FixedArray<u8, 4>();
  put(array, 2);
  print(`${array[3]}`);
  put(array.slice(0, 3), 3);
  return 0;
}
