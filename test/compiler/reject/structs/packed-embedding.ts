@struct({ size: 8 })
class Inner {
  a: u32 = 5;
  b: u32 = 7;
}
@struct({ size: 13, packed: true })
class Outer {
  kind: u8 = 0;
  readonly inner = new Inner(); // error XL3012
  tail: u32 = 0;
}
export function main(): i32 {
  const o = new Outer();
  return o.inner.a as i32;
}
