//> 3
import { print } from "xenlet:host";

export function main(): i32 {
  const array = new FixedArray<u16, 8>();
  let i: u8 = 7;
  array[i] = 3;
  print(`${array[i]}`);
  i++;
  array[i] = 4; // stops: index out of bounds
  return 0;
}
