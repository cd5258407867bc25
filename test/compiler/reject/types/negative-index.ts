const words = new FixedArray<u16, 8>();
export function main(): i32 {
  let i: i32 = 0;
  i -= 1;
  return words[i] as i32; // error XL2006
}
