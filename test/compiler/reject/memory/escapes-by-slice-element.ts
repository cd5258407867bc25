@struct class Box {
  held: u32 = 0;
}
let kept: Box | null = null;
export function main(): i32 {
  const boxes = new FixedArray<Box, 2>();
  for (const box of boxes) kept = box; // error XL4003
  return kept === null ? 1 : 0;
}
