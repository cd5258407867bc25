export function main(): i32 {
  let a: u32 = 1;
  a + 1; // error XL1009
  a; // error XL1009
  return 0;
}
