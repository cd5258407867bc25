export function main(): i32 {
  const a = new FixedArray<u8, 4>();
  const b = a.size; // error TS2339
  return 0;
}
