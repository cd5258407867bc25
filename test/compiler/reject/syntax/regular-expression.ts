export function main(): i32 {
  const r = /abc/; // error XL1001
  return 0;
}
