//> 3
// A guard for one element more proves one element more, and not two.
import { print } from "xenlet:host";

function sum(bytes: Slice<u8>): u32 {
  let total: u32 = 0;
  for (let i: usize = 0; i + 1 < bytes.length; i++) {
    total += bytes[i];
    total += bytes[i + 1];
    if (i === 1) {
      total += bytes[i + 2]; // stops: index out of bounds
    }
  }
  return total;
}
export function main(): i32 {
  const two: FixedArray<u8, 2> = [1, 2];
  print(`${sum(two)}`);
  const three: FixedArray<u8, 3> = [1, 2, 3];
  print(`${sum(three)}`);
  return 0;
}
