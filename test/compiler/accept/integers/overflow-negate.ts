//> -2147483647 2147483647
import { print } from "xenlet:host";

export function main(): i32 {
  let x: i32 = -2147483647;
  for (let i: u32 = 0; i < 2; i++) {
    const y = -x; // stops: signed overflow
    print(`${x} ${y}`);
    x -= 1;
  }
  return 0;
}
