function sum(words: Slice<u32>): u32 {
  return words[0];
}
export function main(): i32 {
  const bytes = new FixedArray<u8, 4>();
  return sum(bytes) as i32; // error XL2005
}
