//> 3 4 7
//> 8 3
// A shared struct is copied as a whole, and each of its fields is shared.
import { print } from "xenlet:host";
import { addressOf, sharedAt } from "xenlet:unsafe";

@struct({ size: 8 })
class Slot {
  id: u32 = 3;
  size: u32 = 4;
}
const memory = new Slot();

function sum(slot: Shared<Slot>): u32 {
  return slot.id.load("relaxed") + slot.size.load("relaxed");
}
export function main(): i32 {
  const shared = sharedAt<Slot>(addressOf(memory));
  const copied = new Slot();
  copied.id = 0;
  shared.copyTo(copied);
  print(`${copied.id} ${copied.size} ${sum(shared)}`);
  copied.size = 8;
  shared.copyFrom(copied);
  print(`${memory.size} ${memory.id}`);
  return 0;
}
