//> 4 3
// A class, a constant and a function may be used above their declarations.
import { print } from "xenlet:host";

export function main(): i32 {
  const later = new Later();
  print(`${later.size} ${limit()}`);
  return 0;
}
@struct
class Later {
  size: u32 = LIMIT + 1;
}
function limit(): u32 {
  return LIMIT;
}
const LIMIT = 3;
