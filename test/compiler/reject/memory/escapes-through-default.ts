@struct class Node {
  held: u32 = 0;
}
let kept: Node | null = null;
const spare = new Node();
function keep(node: Node = spare): void {
  kept = node;
}
export function main(): i32 {
  const node = new Node();
  keep();
  keep(node); // error XL4003
  return 0;
}
