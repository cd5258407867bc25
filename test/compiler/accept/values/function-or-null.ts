//> none 5
import { print } from "xenlet:host";

type Handler = (n: u32) => u32;
let handler: Handler | null = null;

function run(n: u32): u32 {
  if (handler === null) return 0;
  return handler(n);
}
export function main(): i32 {
  const before = run(4);
  handler = (n) => n + 1;
  print(`${before === 0 ? "none" : "some"} ${run(4)}`);
  return 0;
}
