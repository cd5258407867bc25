let counter: u32; // error XL6003
export function main(): i32 {
  counter = 1;
  return counter as i32;
}
