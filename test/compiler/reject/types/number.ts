function f(a: number): u32 { // error XL2001
  return 0;
}
export function main(): i32 {
  let n: number = 3; // error XL2001
  return 0;
}
