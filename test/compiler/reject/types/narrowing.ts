function low(a: u8): u8 {
  return a;
}
export function main(): i32 {
  let a: u32 = 1;
  let b: u16 = a; // error XL2007
  const c = low(a); // error XL2007
  let d: i64 = -1;
  let e: i8 = d; // error XL2007
  return 0;
}
