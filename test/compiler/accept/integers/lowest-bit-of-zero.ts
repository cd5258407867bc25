import { print } from "xenlet:host";

export function main(): i32 {
  let a: u32 = 1;
  a--;
  print(`${lowestBit(a)}`); // stops: no bit is set
  return 0;
}
