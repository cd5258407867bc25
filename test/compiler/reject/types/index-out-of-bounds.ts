export function main(): i32 {
  const a = new FixedArray<u8, 4>();
  a[3] = 1;
  a[4] = 1; // error XL2041
  return 0;
}
