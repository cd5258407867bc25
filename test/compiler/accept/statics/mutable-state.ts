//> 1 2 3
import { print } from "xenlet:host";

let counter: u32 = 0;
const buffer = new FixedArray<u32, 3>();
function next(): u32 {
  counter++;
  return counter;
}
export function main(): i32 {
  for (let i: usize = 0; i < buffer.length; i++) buffer[i] = next();
  print(`${buffer[0]} ${buffer[1]} ${buffer[2]}`);
  return 0;
}
