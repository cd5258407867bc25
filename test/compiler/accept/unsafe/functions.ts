//> 6
import { print } from "xenlet:host";
import { addressOf, functionAt } from "xenlet:unsafe";

type Step = (n: u32) => u32;
function twice(n: u32): u32 {
  return n * 2;
}
export function main(): i32 {
  const f = functionAt<Step>(addressOf(twice));
  print(`${f(3)}`);
  return 0;
}
