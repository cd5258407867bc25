//> 1 2
import { print } from "xenlet:host";

let counter: u32 = 0;
function next(): Result<u32> {
  counter++;
  return counter > 5 ? err("no more") : ok(counter);
}
export function main(): i32 {
  const first = next();
  let later = first;
  if (first.ok) {
    later = next();
    if (later.ok) print(`${first.value} ${later.value}`);
  }
  return 0;
}
