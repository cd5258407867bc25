export function main(): i32 {
  let a: u32 = 2;
  return typeof a === "number" ? 1 : 0; // error XL1001
}
