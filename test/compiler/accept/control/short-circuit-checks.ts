//> false 0
// What `&&` keeps from running is not checked either.
import { print } from "xenlet:host";

function small(slice: Slice<u8>, i: usize): boolean {
  return i < slice.length && slice[i] < 4;
}
function divide(a: u32, b: u32): u32 {
  return b === 0 ? 0 : a / b;
}
export function main(): i32 {
  const bytes = new FixedArray<u8, 2>();
  print(`${small(bytes, 9)} ${divide(1, 0)}`);
  return 0;
}
