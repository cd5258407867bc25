function use(value: u32 | string): u32 { // error XL3011
  return 0;
}
export function main(): i32 {
  return use(1) as i32;
}
