class Box { // error XL3001
  held: u32 = 0;
}
export function main(): i32 {
  const b = new Box();
  return b.held as i32;
}
