@struct class Node {
  held: u32 = 0;
}
let kept: Node | null = null;
let first: Node | null = null;
export function main(): i32 {
  const node = new Node();
  kept = first ?? node; // error XL4003
  return 0;
}
