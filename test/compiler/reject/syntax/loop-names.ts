const numbers: FixedArray<u32, 2> = [1, 2];
export function main(): i32 {
  for (const [i] of numbers.entries()) { // error XL1010
    if (i > 5) return 1;
  }
  return 0;
}
