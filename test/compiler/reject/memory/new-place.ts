@struct class Box {
  held: u32 = 0;
}
function make(): Box {
  return new Box(); // error XL4001
}
export function main(): i32 {
  let b = new Box(); // error XL4001
  return make().held as i32;
}
