//> found at 3
import { print } from "xenlet:host";

/** What comes behind `assert(false, …)` is never reached, so there is nothing to return. */
function find(wanted: u32): u32 {
  for (let i: u32 = 0; i < 4; i++) {
    if (i === wanted) return i;
  }
  assert(false, "it is there");
}

export function main(): i32 {
  print(`found at ${find(3)}`);
  return 0;
}
