@struct class Node {
  held: u32 = 0;
}
let kept: Node | null = null;
function keep(node: Node): void {
  kept = node;
}
export function main(): i32 {
  keep(new Node()); // error XL4003
  return 0;
}
