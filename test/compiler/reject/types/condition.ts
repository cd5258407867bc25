export function main(): i32 {
  let n: u32 = 1;
  if (n) return 1; // error XL2005
  while (n) n--; // error XL2005
  return n ? 1 : 0; // error XL2005
}
