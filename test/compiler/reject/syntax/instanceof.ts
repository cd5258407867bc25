@struct class Box {
  held: u32 = 0;
}
export function main(): i32 {
  const b = new Box();
  return b instanceof Box ? 1 : 0; // error XL1002
}
