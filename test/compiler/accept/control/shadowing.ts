//> 3 2 1
import { print } from "xenlet:host";

const x: u32 = 1;
function outer(): u32 {
  return x;
}
export function main(): i32 {
  const x: u32 = 2;
  {
    const x: u32 = 3;
    print(`${x} ${two(x - 1)} ${outer()}`);
  }
  return (x as i32) - 2;
}
function two(x: u32): u32 {
  return x;
}
