//> 6 9
//> 10 true
// A function is a value when it captures nothing.
import { print } from "xenlet:host";

type Operation = (a: u32, b: u32) => u32;

function add(a: u32, b: u32): u32 {
  return a + b;
}
function apply(operation: Operation, a: u32, b: u32): u32 {
  return operation(a, b);
}
const table: FixedArray<Operation, 2> = [add, (a: u32, b: u32): u32 => a * b];

export function main(): i32 {
  print(`${apply(add, 2, 4)} ${apply((a, b) => a * b, 3, 3)}`);
  const chosen = table[1];
  print(`${chosen(2, 5)} ${table[0](1, 1) === 2}`);
  return 0;
}
