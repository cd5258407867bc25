//> 123
//> 45
// Operands and arguments are evaluated from left to right, as TypeScript does; C would not promise it.
import { print } from "xenlet:host";

let trace: u32 = 0;
function step(n: u32): u32 {
  trace = trace * 10 + n;
  return n;
}
function three(a: u32, b: u32, c: u32): u32 {
  return a + b + c;
}
export function main(): i32 {
  const sum = three(step(1), step(2), step(3));
  print(`${trace + sum - 6}`);
  trace = 0;
  const difference = step(4) - (step(5) - 5);
  print(`${trace + difference - 4}`);
  return 0;
}
