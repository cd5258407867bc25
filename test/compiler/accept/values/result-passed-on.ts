//> 12 failed: odd
// A Result that fails is passed on as it is.
import { print } from "xenlet:host";

function half(n: u32): Result<u32> {
  if ((n & 1) !== 0) return err("odd");
  return ok(n / 2);
}
function quarter(n: u32): Result<u32> {
  const first = half(n);
  if (!first.ok) return first;
  return half(first.value);
}
function text(result: Result<u32>): string {
  return result.ok ? "fine" : result.error;
}
export function main(): i32 {
  const twelve = quarter(48);
  print(`${twelve.ok ? twelve.value : 0} failed: ${text(quarter(6))}`);
  return 0;
}
