//> 0,0 0,1 1,0 1,1
//> 3
import { print } from "xenlet:host";

export function main(): i32 {
  let passes: u32 = 0;
  const seen = new FixedArray<u32, 8>();
  let n: usize = 0;
  outer: for (let i: u32 = 0; i < 4; i++) {
    for (let j: u32 = 0; j < 4; j++) {
      if (j === 2) continue outer;
      if (i === 2) break outer;
      seen[n] = i;
      seen[n + 1] = j;
      n += 2;
    }
  }
  print(`${seen[0]},${seen[1]} ${seen[2]},${seen[3]} ${seen[4]},${seen[5]} ${seen[6]},${seen[7]}`);
  rows: while (true) {
    switch (passes) {
      case 3:
        break rows;
      default:
        passes++;
        continue rows;
    }
  }
  print(`${passes}`);
  return 0;
}
