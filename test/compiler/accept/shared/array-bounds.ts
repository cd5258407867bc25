//> 0
import { print } from "xenlet:host";
import { addressOf, sharedAt } from "xenlet:unsafe";

@struct
class Page {
  readonly words = new FixedArray<u32, 4>();
}
const memory = new Page();
function at(page: Shared<Page>, i: usize): u32 {
  return page.words.at(i).load("relaxed"); // stops: index out of bounds
}
export function main(): i32 {
  const page = sharedAt<Page>(addressOf(memory));
  print(`${at(page, 3)}`);
  print(`${at(page, 4)}`);
  return 0;
}
