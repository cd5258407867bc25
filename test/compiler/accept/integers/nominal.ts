//> 4096 8192 true false true
// A nominal integer converts only in the file that declares it; order and equality work.
import { print } from "xenlet:host";
import { type Pfn, pfn, addressOfFrame } from "./parts/pfn.ts";

function later(a: Pfn, b: Pfn): boolean {
  return a < b;
}
export function main(): i32 {
  const one = pfn(1);
  const two = pfn(2);
  print(`${addressOfFrame(one)} ${addressOfFrame(two)} ${later(one, two)} ${one === two} ${one !== two}`);
  return 0;
}
