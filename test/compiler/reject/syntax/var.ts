export function main(): i32 {
  var x: u32 = 1; // error XL1001
  x = 2;
  return 0;
}
