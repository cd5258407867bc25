//> 30
import { print } from "xenlet:host";

@struct({ size: 16 })
class Entry {
  frame: u64 = 0;
  flags: u64 = 0;
}
function total(entries: Slice<Entry>): u64 {
  let sum: u64 = 0;
  for (let i: usize = 0; i < entries.length; i++) sum += entries[i].frame;
  return sum;
}
export function main(): i32 {
  const entries = new FixedArray<Entry, 4>();
  entries[1].frame = 10;
  entries[2].frame = 20;
  entries[3].frame = 40;
  print(`${total(entries.slice(0, 3))}`);
  return 0;
}
