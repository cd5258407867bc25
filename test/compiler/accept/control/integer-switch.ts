//> 1 0
// Without `default`, a switch over an integer may match nothing.
import { print } from "xenlet:host";

function of(n: u32): u32 {
  switch (n) {
    case 1:
      return 1;
  }
  return 0;
}
export function main(): i32 {
  print(`${of(1)} ${of(2)}`);
  return 0;
}
