@struct class Box {
  held: u32 = 0;
  set value(v: u32) { // error XL1001
    this.held = v;
  }
}
export function main(): i32 {
  const b = new Box();
  b.value = 1;
  return 0;
}
