//> small
//> large
import { print } from "xenlet:host";

function say(n: u32): void {
  if (n < 10) {
    print("small");
    return;
  }
  print("large");
}
export function main(): i32 {
  say(1);
  say(11);
  return 0;
}
