//> [1:a] [2:b] true -5
import { print } from "xenlet:host";

function twice(a: Template, b: Template): void {
  print(`${a} ${b} ${true} ${-5}`);
}
export function main(): i32 {
  let n: u32 = 1;
  twice(`[${n}:${"a"}]`, `[${n + 1}:${"b"}]`);
  return 0;
}
