//> 7 1
import { print } from "xenlet:host";
import { addressOf, sharedAt } from "xenlet:unsafe";

@struct({ size: 8 })
class Slot {
  id: u32 = 0;
  kind: u32 = 0;
}
@struct
class Ring {
  producer: u32 = 0;
  readonly slots = new FixedArray<Slot, 4>();
}
const memory = new Ring();

export function main(): i32 {
  const ring = sharedAt<Ring>(addressOf(memory));
  const slot = new Slot();
  slot.id = 7;
  ring.slots.at(2).copyFrom(slot);
  ring.producer.store(1, "release");
  const seen = new Slot();
  ring.slots.at(2).copyTo(seen);
  print(`${seen.id} ${ring.producer.load("acquire")}`);
  return 0;
}
