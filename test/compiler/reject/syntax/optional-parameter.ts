function one(a?: u32): u32 { // error XL1006
  return a ?? 0;
}
export function main(): i32 {
  return one() as i32;
}
