@struct({ size: 12 })
class Header { // error XL3002
  a: u8 = 0;
  b: u64 = 0;
}
export function main(): i32 {
  const h = new Header();
  return h.a as i32;
}
