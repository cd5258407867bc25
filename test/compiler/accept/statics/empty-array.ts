//> 0 items
import { print } from "xenlet:host";

@struct
class Item {
  value: u32 = 7;
}
const none = new FixedArray<Item, 0>();

export function main(): i32 {
  print(`${none.length} items`);
  return 0;
}
