@struct class Box {
  held: u32 = 0;
}
const first = new Box();
function of(b: Box): i32 {
  switch (b) { // error XL2025
    case first:
      return 1;
    default:
      return 0;
  }
}
export function main(): i32 {
  return of(first);
}
