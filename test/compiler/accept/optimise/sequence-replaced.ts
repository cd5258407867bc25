//> 6
// The sequence of a for…of is taken once; its variable may hold a shorter one in the meantime.
import { print } from "xenlet:host";

function walk(bytes: Slice<u8>, shrinks: bool): u32 {
  let rest = bytes;
  let total: u32 = 0;
  for (const [i, value] of rest.entries()) {
    total += value;
    if (shrinks) rest = bytes.slice(0, 1);
    if (rest[i] === 0) total++; // stops: index out of bounds
  }
  return total;
}
export function main(): i32 {
  const bytes: FixedArray<u8, 3> = [1, 2, 3];
  print(`${walk(bytes, false)}`);
  print(`${walk(bytes, true)}`);
  return 0;
}
