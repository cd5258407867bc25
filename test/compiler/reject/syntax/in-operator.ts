@struct class Box {
  held: u32 = 0;
}
export function main(): i32 {
  const b = new Box();
  return "held" in b ? 1 : 0; // error XL1002
}
