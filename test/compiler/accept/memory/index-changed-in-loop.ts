//> 1
import { print } from "xenlet:host";

const bytes: FixedArray<u8, 4> = [1, 2, 3, 4];

function walk(slice: Slice<u8>): void {
  for (let i: usize = 0; i < slice.length; i++) {
    print(`${slice[i]}`);
    i += 7;
    slice[i] = 1; // stops: index out of bounds
  }
}
export function main(): i32 {
  walk(bytes);
  return 0;
}
