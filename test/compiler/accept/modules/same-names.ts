//> 1 2 9
// Two modules may use one name.
import { print } from "xenlet:host";
import { value as first, Box as FirstBox } from "./parts/first.ts";
import { value as second } from "./parts/second.ts";

export function main(): i32 {
  const box = new FirstBox();
  print(`${first()} ${second()} ${box.held}`);
  return 0;
}
