//> 10
// What a loop proves about its index needs no check; what it does not prove is checked.
import { print } from "xenlet:host";

const a: FixedArray<u32, 4> = [1, 2, 3, 4];

function pairs(a: Slice<u32>, n: usize): u32 {
  let sum: u32 = 0;
  for (let i: usize = 0; i < n; i++) {
    sum += a[i]; // stops: index out of bounds
  }
  return sum;
}
export function main(): i32 {
  print(`${pairs(a, 4)}`);
  print(`${pairs(a, 5)}`);
  return 0;
}
