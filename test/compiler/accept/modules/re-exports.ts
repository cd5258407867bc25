//> 7 6
import { print } from "xenlet:host";
import { base, thrice } from "./parts/front.ts";

export function main(): i32 {
  print(`${base} ${thrice(2)}`);
  return 0;
}
