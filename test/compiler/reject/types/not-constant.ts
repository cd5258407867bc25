function five(): u32 {
  return 5;
}
let base: u32 = five(); // error XL2023
const next: u32 = base + 1; // error XL2023
export function main(): i32 {
  return next as i32;
}
