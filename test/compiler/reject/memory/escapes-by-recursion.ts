@struct class Node {
  held: u32 = 0;
}
let kept: Node | null = null;
function keep(depth: u32, node: Node): void {
  if (depth === 0) {
    kept = node;
  } else {
    keep(depth - 1, node);
  }
}
export function main(): i32 {
  const node = new Node();
  keep(3, node); // error XL4003
  return 0;
}
