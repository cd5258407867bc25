export function main(): i32 {
  let a: u32 = 0;
  let b: u32 = 0;
  a = b = 1; // error XL1003
  const c = a++; // error XL1003
  if ((b -= 1) === 0) return 1; // error XL1003
  const d = --b; // error XL1003
  return 0;
}
