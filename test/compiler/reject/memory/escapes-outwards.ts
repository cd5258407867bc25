@struct class Box {
  held: u32 = 0;
}
const first = new Box();
export function main(): i32 {
  let outer = first;
  for (let i: u32 = 0; i < 2; i++) {
    const inner = new Box();
    outer = inner; // error XL4003
  }
  return outer.held as i32;
}
