@struct class Box {
  held: u32 = 0;
}
export function main(): i32 {
  const b = new Box();
  delete b.held; // error TS2790
  return 0;
}
