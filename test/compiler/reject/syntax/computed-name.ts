const key = "value";
@struct class Box {
  [key]: u32 = 0; // error XL1001
}
export function main(): i32 {
  const b = new Box();
  return 0;
}
