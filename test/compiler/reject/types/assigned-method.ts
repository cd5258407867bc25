@struct class Box {
  held: u32 = 0;
  read(): u32 {
    return this.held;
  }
}
export function main(): i32 {
  const b = new Box();
  b.read = (): u32 => 1; // error XL2037
  return 0;
}
