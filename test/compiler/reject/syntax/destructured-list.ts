const pair: FixedArray<u32, 2> = [1, 2];
export function main(): i32 {
  const [first, second] = pair; // error XL1001
  return 0;
}
