//> 1 3
import { print } from "xenlet:host";

const numbers: FixedArray<u8, 3> = [1, 1, 1];
let calls: u32 = 0;
function view(): Slice<u8> {
  calls++;
  return numbers;
}
export function main(): i32 {
  let n: u32 = 0;
  for (const one of view()) n += one;
  print(`${calls} ${n}`);
  return 0;
}
