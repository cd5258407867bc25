//> 120 55
import { print } from "xenlet:host";

function factorial(n: u64): u64 {
  return n === 0 ? 1 : n * factorial(n - 1);
}
function fibonacci(n: u32): u32 {
  if (n < 2) return n;
  return fibonacci(n - 1) + fibonacci(n - 2);
}
export function main(): i32 {
  print(`${factorial(5)} ${fibonacci(10)}`);
  return 0;
}
