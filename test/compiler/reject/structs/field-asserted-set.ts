@struct class Header {
  kind!: u32; // error XL3007
  length: u32 = 0;
}
export function main(): i32 {
  const h = new Header();
  return h.kind as i32;
}
