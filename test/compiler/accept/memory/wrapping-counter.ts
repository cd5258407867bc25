//> 3
// A narrow counter wraps before it reaches a bound that is wider: each index is what the counter says.
import { print } from "xenlet:host";

export function main(): i32 {
  const array = new FixedArray<u8, 300>();
  const many: Slice<u8> = array;
  let steps: u32 = 0;
  let i: u8 = 254;
  while (i < many.length && steps < 4) {
    many[i]++;
    i++;
    steps++;
  }
  print(`${many[254] + many[255] + many[0]}`);
  return 0;
}
