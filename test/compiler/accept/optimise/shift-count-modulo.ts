//> 1
// A shift count is taken modulo the width, so shifting by 40 leaves 24 of 32 bits.
import { print } from "xenlet:host";

function at(bytes: Slice<u8>, value: u32, count: u32): u8 {
  if (count !== 40) return bytes[value >> 31];
  return bytes[value >> 40]; // stops: index out of bounds
}
export function main(): i32 {
  const bytes: FixedArray<u8, 2> = [0, 1];
  const value: u32 = 0x80000000;
  print(`${at(bytes, value, 31)}`);
  print(`${at(bytes, value, 40)}`);
  return 0;
}
