//> 3
// A bit that is set somewhere is not set in every mask; a number that is not 0 may be negative.
import { print } from "xenlet:host";

function lowestOfHigh(value: u32): u32 {
  if ((value & 0x0f) !== 0) {
    print(`${lowestBit(value)}`);
    return lowestBit(value & 0xf0); // stops: no bit is set
  }
  return 0;
}
export function main(): i32 {
  const value: u32 = 8;
  print(`${lowestOfHigh(value)}`);
  return 0;
}
