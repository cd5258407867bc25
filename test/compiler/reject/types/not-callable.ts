export function main(): i32 {
  let a: u32 = 3;
  a(); // error XL2020
  return 0;
}
