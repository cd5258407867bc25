//> 0 10 20
//> 12
import { print } from "xenlet:host";

@struct({ size: 4 })
class Slot {
  id: u32 = 0;
}
@struct({ size: 12 })
class Table {
  readonly slots = new FixedArray<Slot, 3>();
}
export function main(): i32 {
  const table = new Table();
  for (const [i, slot] of table.slots.entries()) slot.id = (i as u32) * 10;
  print(`${table.slots[0].id} ${table.slots[1].id} ${table.slots[2].id}`);
  print(`${sizeOf<Table>()}`);
  return 0;
}
