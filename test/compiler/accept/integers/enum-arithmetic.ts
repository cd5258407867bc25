//> 3 5
import { print } from "xenlet:host";

const enum Shift {
  Present = 0,
  Frame = 12,
  Bits = 1 << 2,
  Next,
}
export function main(): i32 {
  let n: u32 = Shift.Frame;
  print(`${n >> (Shift.Present + 2)} ${Shift.Next}`);
  return 0;
}
