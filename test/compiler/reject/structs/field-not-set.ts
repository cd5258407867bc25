@struct class Header {
  kind: u32; // error TS2564
  length: u32 = 0;
}
export function main(): i32 {
  const h = new Header();
  return h.kind as i32;
}
