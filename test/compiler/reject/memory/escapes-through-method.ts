@struct class Node {
  next: Node | null = null;
}
@struct class List {
  head: Node | null = null;
  push(node: Node): void {
    node.next = this.head;
    this.head = node;
  }
}
const list = new List();
export function main(): i32 {
  const node = new Node();
  list.push(node); // error XL4003
  return 0;
}
