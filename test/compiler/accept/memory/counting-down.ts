//> 4 3 2 1
import { print } from "xenlet:host";

const bytes: FixedArray<u8, 4> = [1, 2, 3, 4];

export function main(): i32 {
  const out = new FixedArray<u8, 4>();
  let n: usize = 0;
  for (let i = bytes.length; i > 0; i--) {
    out[n] = bytes[i - 1];
    n++;
  }
  print(`${out[0]} ${out[1]} ${out[2]} ${out[3]}`);
  return 0;
}
