@struct class Box {
  held: u32 = 0;
}
export function main(): i32 {
  const b = new Box();
  return b["held"] as i32; // error XL2019
}
