export function main(): i32 {
  @struct // error XL1001
  class Box {
    held: u32 = 0;
  }
  return 0;
}
