@struct class Node {
  held: u32 = 0;
}
let kept: Node | null = null;
function keep(node: Node): void {
  kept = node;
}
type Use = (node: Node) => void;
const uses: FixedArray<Use, 1> = [keep];
export function main(): i32 {
  const node = new Node();
  uses[0](node); // error XL4003
  return 0;
}
