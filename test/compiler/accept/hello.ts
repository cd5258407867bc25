//> hello 3 00ff
import { print } from "xenlet:host";
export function main(): i32 {
  let i: u32 = 3;
  print(`hello ${i} ${hex(255, 4)}`);
  return 0;
}
