//> announced false
//> 2 3 4 4
import { print } from "xenlet:host";
import { isAnnounced, nextEnding } from "../../../kernel/lib/panic.ts";

// Each trouble on the way to the end takes one step, and the last one is never left.
export function main(): i32 {
  print(`announced ${isAnnounced()}`);
  const report = nextEnding();
  const lastWords = nextEnding();
  const silent = nextEnding();
  print(`${report} ${lastWords} ${silent} ${nextEnding()}`);
  return 0;
}
