//> 1 true
import { print } from "xenlet:host";

const enum Bit {
  A = 1,
  B = 0x80,
}
@struct({ size: 2 })
class Header {
  kind: u8 = 1;
  bits: Flags<Bit, u8> = Bit.A;
}
export function main(): i32 {
  const header = new Header();
  print(`${header.bits as u8} ${has(header.bits, Bit.A)}`);
  return 0;
}
