//> 0 255 0 65535 0 4294967295 0 18446744073709551615
//> 254 1 1
// Unsigned arithmetic wraps at the width of its operands, not at C's int.
import { print } from "xenlet:host";

export function main(): i32 {
  let a: u8 = 255;
  let b: u16 = 65535;
  let c: u32 = 4294967295;
  let d: u64 = 18446744073709551615;
  const zero8 = a + 1;
  const zero16 = b + 1;
  const zero32 = c + 1;
  const zero64 = d + 1;
  print(`${zero8} ${zero8 - 1} ${zero16} ${zero16 - 1} ${zero32} ${zero32 - 1} ${zero64} ${zero64 - 1}`);
  print(`${a + a} ${a * a} ${b * b}`);
  return 0;
}
