export function main(): i32 {
  const a = 5n; // error XL1001
  return 0;
}
