@struct class Base {
  a: u32 = 0;
}
@struct class Derived extends Base { // error XL1001
  b: u32 = 0;
}
export function main(): i32 {
  const d = new Derived();
  return 0;
}
