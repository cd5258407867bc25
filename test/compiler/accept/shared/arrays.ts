//> 4 2 12
//> 2 3 9
import { print } from "xenlet:host";
import { addressOf, sharedAt } from "xenlet:unsafe";

@struct
class Page {
  index: u32 = 0;
  readonly bytes = new FixedArray<u8, 4>();
}
const memory = new Page();

export function main(): i32 {
  const page = sharedAt<Page>(addressOf(memory));
  for (let i: usize = 0; i < page.bytes.length; i++) page.bytes.at(i).store((i as u8) + 1, "relaxed");
  page.bytes.at(3).store(12, "release");
  print(`${page.bytes.length} ${page.bytes.at(1).load("relaxed")} ${memory.bytes[3]}`);
  const copied = new FixedArray<u8, 2>();
  page.bytes.copyTo(copied, 1);
  const one = new FixedArray<u8, 1>();
  one[0] = 9;
  page.bytes.copyFrom(one, 0);
  print(`${copied[0]} ${copied[1]} ${memory.bytes[0]}`);
  return 0;
}
