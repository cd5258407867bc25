//> 6
// A counter that goes down past zero is as large as can be, and the loop goes on.
import { print } from "xenlet:host";

function backwards(bytes: Slice<u8>, last: usize): u32 {
  let total: u32 = 0;
  let left: u32 = 4;
  for (let i: usize = bytes.length - 1; left > last; i--) {
    total += bytes[i]; // stops: index out of bounds
    left--;
  }
  return total;
}
export function main(): i32 {
  const bytes: FixedArray<u8, 3> = [1, 2, 3];
  print(`${backwards(bytes, 1)}`);
  print(`${backwards(bytes, 0)}`);
  return 0;
}
