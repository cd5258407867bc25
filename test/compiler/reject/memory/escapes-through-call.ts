@struct class Box {
  held: u32 = 0;
}
let kept: Box | null = null;
function keep(box: Box): void {
  kept = box;
}
function pass(box: Box): void {
  keep(box);
}
export function main(): i32 {
  const box = new Box();
  pass(box); // error XL4003
  return kept === null ? 0 : 1;
}
