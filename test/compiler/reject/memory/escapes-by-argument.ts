@struct class Node {
  held: u32 = 0;
}
@struct class Holder {
  node: Node | null = null;
}
function link(holder: Holder, node: Node): void {
  holder.node = node;
}
const holder = new Holder();
export function main(): i32 {
  const node = new Node();
  link(holder, node); // error XL4003
  return 0;
}
