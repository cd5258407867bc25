@struct class Box {
  held: u32 = 0;
}
export function main(): i32 {
  const b = new Box();
  for (const name in b) { // error XL1001
    return 1;
  }
  return 0;
}
