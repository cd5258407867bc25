declare function outside(a: u32): u32; // error XL6005
export function main(): i32 {
  return outside(1) as i32;
}
