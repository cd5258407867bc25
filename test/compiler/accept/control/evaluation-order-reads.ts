//> 1 6
//> 0 1
// A variable that stands left of a call is read before the call changes it.
import { print } from "xenlet:host";

let n: u32 = 1;
function bump(): u32 {
  n += 4;
  return n;
}
function pair(a: u32, b: u32): void {
  print(`${a} ${b + 1}`);
}
const array = new FixedArray<u32, 4>();
let index: usize = 0;
function next(): u32 {
  index++;
  return 1;
}
export function main(): i32 {
  pair(n, bump());
  array[index] = next();
  print(`${array[1]} ${array[0]}`);
  return 0;
}
