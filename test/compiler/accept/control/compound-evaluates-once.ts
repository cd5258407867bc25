//> 1 5 3
// The place of a compound assignment is evaluated once.
import { print } from "xenlet:host";

const array = new FixedArray<u32, 4>();
let calls: u32 = 0;
function place(): usize {
  calls++;
  return 2;
}
export function main(): i32 {
  array[place()] += 5;
  const first = calls;
  array[place()]++;
  array[place()]--;
  print(`${first} ${array[2]} ${calls}`);
  return 0;
}
