//> 0
// A check in an operand that was not evaluated has proved nothing.
import { print } from "xenlet:host";

function read(bytes: Slice<u8>, looks: bool): u8 {
  let seen: u8 = 0;
  if (looks && bytes[3] > 0) seen = 1;
  const more: u8 = looks ? bytes[2] : 0;
  return seen + more + bytes[1]; // stops: index out of bounds
}
export function main(): i32 {
  const bytes = new FixedArray<u8, 4>();
  print(`${read(bytes, true)}`);
  const one = new FixedArray<u8, 1>();
  print(`${read(one, false)}`);
  return 0;
}
