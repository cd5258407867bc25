function larger<T extends number>(a: T, b: T): T {
  return a > b ? a : b;
}
export function main(): i32 {
  let a: u8 = 1;
  let b: i32 = 2;
  return larger(a, b) as i32; // error XL2006
}
