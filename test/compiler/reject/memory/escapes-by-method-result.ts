@struct class Box {
  held: u32 = 0;
  self(): Box {
    return this;
  }
}
function make(): Box {
  const box = new Box();
  return box.self(); // error XL4003
}
export function main(): i32 {
  return make().held as i32;
}
