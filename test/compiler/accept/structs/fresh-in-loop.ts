//> 1 1 1
// `new` in a loop makes the struct anew each time round.
import { print } from "xenlet:host";

@struct
class Counter {
  value: u32 = 0;
}
export function main(): i32 {
  const seen = new FixedArray<u32, 3>();
  for (let i: u32 = 0; i < 3; i++) {
    const counter = new Counter();
    counter.value++;
    seen[i] = counter.value;
  }
  print(`${seen[0]} ${seen[1]} ${seen[2]}`);
  return 0;
}
