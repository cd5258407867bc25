//> 120
// Modules may import each other: no code of a module runs before main.
import { print } from "xenlet:host";
import { even } from "./parts/even.ts";

export function main(): i32 {
  print(even(10) ? "120" : "0");
  return 0;
}
