export function main(): i32 {
  const a = [1, 2, 3]; // error XL2031
  return 0;
}
