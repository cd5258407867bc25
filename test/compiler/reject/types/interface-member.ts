interface Shape {
  readonly sides: u32; // error XL2043
  area(): u32;
}
@struct class Square implements Shape {
  readonly sides: u32 = 4;
  area(): u32 {
    return 1;
  }
}
function use(shape: Shape): u32 {
  return shape.area();
}
export function main(): i32 {
  const s = new Square();
  return use(s) as i32;
}
