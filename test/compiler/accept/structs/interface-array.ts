//> 6
import { print } from "xenlet:host";

interface Source {
  value(): u32;
}
@struct
class One implements Source {
  value(): u32 {
    return 1;
  }
}
@struct
class Number implements Source {
  held: u32 = 5;
  value(): u32 {
    return this.held;
  }
}
const one = new One();
const five = new Number();
const sources = new FixedArray<Source | null, 3>();

export function main(): i32 {
  sources[0] = one;
  sources[2] = five;
  let total: u32 = 0;
  for (const source of sources) total += source?.value() ?? 0;
  print(`${total}`);
  return 0;
}
