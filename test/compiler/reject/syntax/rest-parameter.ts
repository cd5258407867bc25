function all(...numbers: Slice<u32>[]): u32 { // error XL1006
  return 0;
}
export function main(): i32 {
  return all() as i32;
}
