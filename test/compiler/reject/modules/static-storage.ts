@struct class Box {
  held: u32 = 0;
}
let box = new Box(); // error XL6004
let bytes = new FixedArray<u8, 4>(); // error XL6004
export function main(): i32 {
  return box.held as i32;
}
