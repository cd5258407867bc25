function low(a: u64): u32 {
  return a; // error XL2007
}
export function main(): i32 {
  return low(1) as i32;
}
