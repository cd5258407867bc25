//> 2 2 3
//> 0 5
//> 7
import { print } from "xenlet:host";

export function main(): i32 {
  const bytes = new FixedArray<u8, 5>();
  for (let i: usize = 0; i < bytes.length; i++) bytes[i] = i as u8;
  const middle = bytes.slice(2, 4);
  print(`${middle.length} ${middle[0]} ${middle[1]}`);
  print(`${bytes.slice(5).length} ${bytes.slice(0).length}`);
  middle[1] = 7;
  print(`${bytes[3]}`);
  return 0;
}
