//> 0 0 0
import { print } from "xenlet:host";

@struct
class Entry {
  id: u32 = 7;
  readonly bytes = new FixedArray<u8, 3>();
}
export function main(): i32 {
  const entry = new Entry();
  entry.bytes.fill(9);
  zero(entry);
  const words = new FixedArray<u16, 2>();
  words[1] = 3;
  zero(words);
  print(`${entry.id} ${entry.bytes[2]} ${words[1]}`);
  return 0;
}
