export function main(): i32 {
  let a: u32 = 1;
  let b: i32 = 2;
  const c = a + b; // error XL2006
  if (a < b) return 1; // error XL2006
  let d: i64 = a; // error XL2006
  a = b; // error XL2006
  return 0;
}
