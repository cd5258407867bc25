export function main(): i32 {
  let a: u32 = 4;
  const b = a / 0; // error XL2016
  const c = a % 0; // error XL2016
  a /= 0; // error XL2016
  const d = 5 / 0; // error XL2016
  return 0;
}
