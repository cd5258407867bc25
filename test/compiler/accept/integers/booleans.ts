//> true false true
//> yes b
//> 1 0
// `&&` and `||` look at their right side only where it matters.
import { print } from "xenlet:host";

let calls: u32 = 0;
function count(): boolean {
  calls += 1;
  return true;
}
export function main(): i32 {
  const no: bool = false;
  print(`${no || count()} ${no && count()} ${!no}`);
  print(`${calls === 1 ? "yes" : "no"} ${no ? "a" : "b"}`);
  const one: u8 = no ? 0 : 1;
  const zero: u8 = !no ? 0 : 1;
  print(`${one} ${zero}`);
  return 0;
}
