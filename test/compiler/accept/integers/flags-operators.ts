//> 5 4 6 3
// `|`, `&`, `^` and `~` work between flags of one enum and its members.
import { print } from "xenlet:host";

const enum Bit {
  A = 1,
  B = 2,
  C = 4,
}
type Bits = Flags<Bit, u8>;

export function main(): i32 {
  const ac: Bits = Bit.A | Bit.C;
  const c: Bits = ac & ~Bit.A;
  const bc: Bits = c ^ Bit.B;
  const ab: Bits = (bc | Bit.A) & ~Bit.C;
  print(`${ac as u32} ${c as u32} ${bc as u32} ${ab as u32}`);
  return 0;
}
