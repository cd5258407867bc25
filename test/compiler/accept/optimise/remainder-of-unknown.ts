//> 2
// A remainder is below its divisor, whatever the divisor is; it is no index unless the divisor is the length.
import { print } from "xenlet:host";

function pick(bytes: Slice<u8>, i: usize, divisor: usize): u8 {
  if (divisor === 0) return 0;
  return bytes[i % divisor]; // stops: index out of bounds
}
export function main(): i32 {
  const bytes: FixedArray<u8, 3> = [1, 2, 3];
  print(`${pick(bytes, 7, 3)}`);
  print(`${pick(bytes, 7, 4)}`);
  return 0;
}
