@struct class Header {
  kind: u32 = 0;
}
const slots = new FixedArray<Header, 2>();
export function main(): i32 {
  const h = new Header();
  slots[0] = h; // error XL4002
  return 0;
}
