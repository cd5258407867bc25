function walk(numbers: Slice<u8>): u32 {
  const entries = numbers.entries(); // error XL2018
  return 1;
}
export function main(): i32 {
  const a = new FixedArray<u8, 4>();
  return walk(a) as i32;
}
