@struct class Box {
  held: u32 = 0;
}
export function main(): i32 {
  using b = new Box(); // error TS2850
  return b.held as i32;
}
