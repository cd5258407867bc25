export function main(): i32 {
  const a = 1.5; // error XL2009
  let b: u32 = 1e3; // error XL2009
  return 0;
}
