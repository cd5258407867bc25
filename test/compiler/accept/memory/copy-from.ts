//> 1 2 0
//> 1 1 2
import { print } from "xenlet:host";

export function main(): i32 {
  const source = new FixedArray<u32, 2>();
  source[0] = 1;
  source[1] = 2;
  const target = new FixedArray<u32, 3>();
  target.copyFrom(source);
  print(`${target[0]} ${target[1]} ${target[2]}`);
  target.slice(1).copyFrom(target.slice(0, 2));
  print(`${target[0]} ${target[1]} ${target[2]}`);
  return 0;
}
