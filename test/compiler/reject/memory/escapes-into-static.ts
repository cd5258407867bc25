@struct class Box {
  held: u32 = 0;
  next: Box | null = null;
}
let kept: Box | null = null;
const root = new Box();
const table = new FixedArray<Box | null, 2>();
export function main(): i32 {
  const box = new Box();
  kept = box; // error XL4003
  root.next = box; // error XL4003
  table[1] = box; // error XL4003
  return kept === null ? 0 : 1;
}
