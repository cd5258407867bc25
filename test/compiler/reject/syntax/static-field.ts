@struct class Box {
  static count: u32 = 0; // error XL1001
  held: u32 = 0;
}
export function main(): i32 {
  const b = new Box();
  return b.held as i32;
}
