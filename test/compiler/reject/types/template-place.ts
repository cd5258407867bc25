export function main(): i32 {
  let n: u32 = 1;
  const s = `n is ${n}`; // error XL2027
  return 0;
}
