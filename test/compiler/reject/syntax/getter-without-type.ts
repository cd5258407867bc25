@struct class Box {
  held: u32 = 0;
  get twice() { // error XL2003
    return this.held * 2;
  }
}
export function main(): i32 {
  const b = new Box();
  return b.twice as i32;
}
