//> 9
import { print } from "xenlet:host";

const ring = new FixedArray<u32, 8>();

export function main(): i32 {
  for (let i: u32 = 0; i < 17; i++) ring[i & 7] += i === 16 ? 9 : 0;
  print(`${ring[0]}`);
  return 0;
}
