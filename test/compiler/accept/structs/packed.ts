//> 7 1 3 258
import { print } from "xenlet:host";

@struct({ size: 7, packed: true })
class Packed {
  kind: u8 = 1;
  length: u16 = 2;
  value: u32 = 0;
}
export function main(): i32 {
  const p = new Packed();
  p.value = 258;
  print(`${sizeOf<Packed>()} ${alignOf<Packed>()} ${offsetOf<Packed>("value")} ${p.value}`);
  return 0;
}
