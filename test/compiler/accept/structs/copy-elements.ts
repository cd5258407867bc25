//> 5 0 5
import { print } from "xenlet:host";

@struct
class Slot {
  id: u32 = 0;
}
export function main(): i32 {
  const slots = new FixedArray<Slot, 2>();
  const slot = new Slot();
  slot.id = 5;
  copy(slots[1], slot);
  slot.id = 0;
  const other = new FixedArray<Slot, 2>();
  copy(other, slots);
  print(`${slots[1].id} ${slot.id} ${other[1].id}`);
  return 0;
}
