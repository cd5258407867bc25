//> 0 1 2
//> 3
// A counter that starts from a bare literal takes the type of its bound.
import { print } from "xenlet:host";

export function main(): i32 {
  const bytes = new FixedArray<u8, 3>();
  const slice: Slice<u8> = bytes;
  for (let i = 0; i < slice.length; i++) slice[i] = i as u8;
  print(`${bytes[0]} ${bytes[1]} ${bytes[2]}`);
  const limit: u8 = 3;
  let sum: u8 = 0;
  for (let i = 0; i < limit; i++) sum += i;
  print(`${sum}`);
  return 0;
}
