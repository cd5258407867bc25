export function wide(a: u8): u32 {
  const b = a / 0; // error XL2016
  return b;
}
