export function main(): i32 {
  let n: u32 = 1;
  void n; // error XL1001
  return 0;
}
