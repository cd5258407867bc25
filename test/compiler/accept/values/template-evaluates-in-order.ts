//> 1 2 3
import { print } from "xenlet:host";

let counter: u32 = 0;
function next(): u32 {
  counter++;
  return counter;
}
export function main(): i32 {
  print(`${next()} ${next()} ${next()}`);
  return 0;
}
