//> 3 5
//> b 2
import { print } from "xenlet:host";

const primes: Slice<u32> = [2, 3, 5];
const names: Slice<string> = ["a", "b"];

export function main(): i32 {
  print(`${primes.length} ${primes[2]}`);
  print(`${names[1]} ${names.length}`);
  return 0;
}
