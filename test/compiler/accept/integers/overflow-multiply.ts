//> 1000000
import { print } from "xenlet:host";

export function main(): i32 {
  let x: i32 = 1000;
  for (let i: u32 = 0; i < 3; i++) {
    x *= x; // stops: signed overflow
    print(`${x}`);
  }
  return 0;
}
