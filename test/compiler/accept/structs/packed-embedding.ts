//> 13 5 7
// A packed struct embeds others without padding before them.
import { print } from "xenlet:host";

@struct({ size: 8 })
class Inner {
  a: u32 = 5;
  b: u32 = 7;
}
@struct({ size: 13, packed: true })
class Outer {
  kind: u8 = 0;
  readonly inner = new Inner();
  tail: u32 = 0;
}
export function main(): i32 {
  const o = new Outer();
  print(`${sizeOf<Outer>()} ${o.inner.a} ${o.inner.b}`);
  return 0;
}
