//> 3 2
// `continue` in a do loop goes on with the condition.
import { print } from "xenlet:host";

export function main(): i32 {
  let i: u32 = 0;
  let seen: u32 = 0;
  do {
    i++;
    if (i === 2) continue;
    seen++;
  } while (i < 3);
  print(`${i} ${seen}`);
  return 0;
}
