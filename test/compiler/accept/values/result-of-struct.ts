//> 5 0
import { print } from "xenlet:host";

@struct
class Entry {
  id: u32 = 5;
}
const entry = new Entry();
function find(id: u32): Result<Entry> {
  return id === entry.id ? ok(entry) : err("no such entry");
}
export function main(): i32 {
  const found = find(5);
  const missing = find(6);
  print(`${found.ok ? found.value.id : 0} ${missing.ok ? missing.value.id : 0}`);
  return 0;
}
