@struct class Node {
  held: u32 = 0;
}
@struct class Holder {
  node: Node | null = null;
  constructor(node: Node) {
    this.node = node;
  }
}
function make(): Holder | null {
  const node = new Node();
  const holder = new Holder(node);
  return holder; // error XL4003
}
export function main(): i32 {
  return make() === null ? 0 : 1;
}
