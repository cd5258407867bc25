//> 3 2 1
//> 6
import { print } from "xenlet:host";

@struct
class Node {
  value: u32 = 0;
  next: Node | null = null;
}
@struct
class List {
  head: Node | null = null;
  push(node: Node): void {
    node.next = this.head;
    this.head = node;
  }
  sum(): u32 {
    let total: u32 = 0;
    let node = this.head;
    while (node !== null) {
      total += node.value;
      node = node.next;
    }
    return total;
  }
}
const nodes = new FixedArray<Node, 3>();
const list = new List();

export function main(): i32 {
  for (const [i, node] of nodes.entries()) {
    node.value = (i as u32) + 1;
    list.push(node);
  }
  print(`${list.head?.value ?? 0} ${list.head?.next?.value ?? 0} ${list.head?.next?.next?.value ?? 0}`);
  print(`${list.sum()}`);
  return 0;
}
