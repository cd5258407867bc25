export function main(): i32 {
  let a: u32 = 2;
  a **= 2; // error XL1002
  const b = a ** 2; // error XL1002
  return 0;
}
