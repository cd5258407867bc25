//> 0 1
import { print } from "xenlet:host";

@struct
class Page {
  readonly words = new FixedArray<u64, 512>();
}
function touch(): u64 {
  const page = new Page();
  page.words[511] += 1;
  return page.words[511] + page.words[0];
}
export function main(): i32 {
  print(`${touch() - 1} ${touch()}`);
  return 0;
}
