@struct class Box {
  held: u32 = 0;
}
let kept: Box | null = null;
const root = new Box();
export function main(): i32 {
  const box = new Box();
  kept = box.held === 0 ? box : root; // error XL4003
  return 0;
}
