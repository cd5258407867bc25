//> 15 5 50 25 1 16 8 8 12 13
//> 255 0
import { print } from "xenlet:host";

export function main(): i32 {
  let x: u32 = 10;
  x += 5;
  const a = x;
  x -= 10;
  const b = x;
  x *= 10;
  const c = x;
  x /= 2;
  const d = x;
  x %= 3;
  const e = x;
  x <<= 4;
  const f = x;
  x >>= 1;
  const g = x;
  x >>>= 0;
  const h = x;
  x |= 4;
  const i = x;
  x ^= 1;
  x &= 0xff;
  print(`${a} ${b} ${c} ${d} ${e} ${f} ${g} ${h} ${i} ${x}`);
  let byte: u8 = 0;
  byte--;
  print(`${byte} ${(byte + 1) as u8}`);
  return 0;
}
