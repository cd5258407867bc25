//> 255 70000
// Both arms of a conditional widen to one type.
import { print } from "xenlet:host";

function pick(small: u8, large: u32, first: boolean): u32 {
  return first ? small : large;
}
export function main(): i32 {
  print(`${pick(255, 70000, true)} ${pick(1, 70000, false)}`);
  return 0;
}
