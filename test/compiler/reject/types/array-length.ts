export function main(): i32 {
  const a = new FixedArray<u8, u32>(); // error XL2015
  return 0;
}
