//> 1 12 23 6
// The loop reads each element when it comes to it.
import { print } from "xenlet:host";

const numbers: FixedArray<u32, 4> = [1, 2, 3, 4];
export function main(): i32 {
  for (const [i, n] of numbers.entries()) {
    if (i + 1 < numbers.length)
      numbers[i + 1] += n * 10 - n * 10 + (i < 2 ? 10 : 0) + (i === 1 ? 10 : 0) + (i === 2 ? 2 : 0);
  }
  print(`${numbers[0]} ${numbers[1]} ${numbers[2]} ${numbers[3]}`);
  return 0;
}
