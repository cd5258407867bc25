//> -120
import { print } from "xenlet:host";

export function main(): i32 {
  let x: i8 = -100;
  for (let i: u32 = 0; i < 3; i++) {
    x -= 20; // stops: signed overflow
    print(`${x}`);
  }
  return 0;
}
