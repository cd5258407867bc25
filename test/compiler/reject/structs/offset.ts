@struct({ size: 16 })
class Header {
  a: u8 = 0;
  @offset(4) b: u64 = 0; // error XL3004
}
export function main(): i32 {
  const h = new Header();
  return h.b as i32;
}
