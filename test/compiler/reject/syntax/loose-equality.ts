export function main(): i32 {
  let a: u32 = 2;
  if (a == 2) return 1; // error XL1002
  if (a != 2) return 2; // error XL1002
  return 0;
}
