//> b 1 a 2
import { print } from "xenlet:host";

let calls: u32 = 0;
function name(first: boolean): string {
  calls++;
  return first ? "a" : "b";
}
export function main(): i32 {
  const b = name(false);
  const before = calls;
  const a = calls > 5 ? name(false) : name(true);
  print(`${b} ${before} ${a} ${calls}`);
  return 0;
}
