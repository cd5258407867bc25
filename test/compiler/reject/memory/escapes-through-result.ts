@struct class Box {
  held: u32 = 0;
}
function same(box: Box): Box {
  return box;
}
function make(): Box {
  const b = new Box();
  return same(b); // error XL4003
}
export function main(): i32 {
  return make().held as i32;
}
