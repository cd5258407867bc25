//> 10 5 3 1
//> 0 2 4
import { print } from "xenlet:host";

export function main(): i32 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < 5; i++) sum += i;
  let n: u32 = 0;
  while (n < 5) n++;
  let d: u32 = 0;
  do {
    d++;
  } while (d < 3);
  let once: u32 = 0;
  do {
    once++;
  } while (once > 5);
  print(`${sum} ${n} ${d} ${once}`);
  const even = new FixedArray<u32, 3>();
  let at: usize = 0;
  for (let i: u32 = 0; ; i++) {
    if (i > 4) break;
    if ((i & 1) !== 0) continue;
    even[at] = i;
    at++;
  }
  print(`${even[0]} ${even[1]} ${even[2]}`);
  return 0;
}
