//> 3
// What the outer condition says of a counter is gone once an inner loop has moved it.
import { print } from "xenlet:host";

function skipZeros(bytes: Slice<u8>): u32 {
  let total: u32 = 0;
  for (let i: usize = 0; i < bytes.length; i++) {
    while (i < bytes.length && bytes[i] === 0) i++;
    total += bytes[i]; // stops: index out of bounds
  }
  return total;
}
export function main(): i32 {
  const good: FixedArray<u8, 4> = [0, 1, 0, 2];
  print(`${skipZeros(good)}`);
  const bad: FixedArray<u8, 2> = [1, 0];
  print(`${skipZeros(bad)}`);
  return 0;
}
