export function main(): i32 {
  let a: u32 | null = null; // error XL2014
  let b: boolean | null = null; // error XL2014
  return 0;
}
