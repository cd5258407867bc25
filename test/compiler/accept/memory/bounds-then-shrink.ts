//> 4
// A bound that was compared once does not hold for a slice that was replaced since.
import { print } from "xenlet:host";

const numbers: FixedArray<u32, 4> = [1, 2, 3, 4];

function last(slice: Slice<u32>): u32 {
  let view = slice;
  let found: u32 = 0;
  for (let i: usize = 0; i < view.length; i++) {
    found = view[i];
    if (i === 3) {
      view = view.slice(0, 1);
      print(`${found}`);
      found = view[i]; // stops: index out of bounds
    }
  }
  return found;
}
export function main(): i32 {
  print(`${last(numbers)}`);
  return 0;
}
