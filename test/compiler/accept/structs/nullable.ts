//> none
//> 7 8
import { print } from "xenlet:host";

@struct
class Node {
  value: u32 = 0;
  next: Node | null = null;
}
function show(node: Node | null): void {
  if (node === null) {
    print("none");
    return;
  }
  const next = node.next;
  print(`${node.value} ${next === null ? 0 : next.value}`);
}
export function main(): i32 {
  const a = new Node();
  const b = new Node();
  a.value = 7;
  b.value = 8;
  a.next = b;
  show(null);
  show(a);
  return 0;
}
