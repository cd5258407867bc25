//> 8 2
import { print } from "xenlet:host";

@struct({ size: 8 })
class Outer {
  readonly inner = new Inner();
  tail: u32 = 2;
}
@struct({ size: 4 })
class Inner {
  head: u32 = 1;
}
export function main(): i32 {
  const outer = new Outer();
  print(`${sizeOf<Outer>()} ${outer.inner.head * outer.tail}`);
  return 0;
}
