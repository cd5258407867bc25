@struct class Box {
  held: u32 = 0;
}
function make(): Box {
  const box = new Box();
  return box; // error XL4003
}
export function main(): i32 {
  return make().held as i32;
}
