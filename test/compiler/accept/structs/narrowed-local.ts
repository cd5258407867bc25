//> 7 7
// A local variable that was narrowed stays what it is.
import { print } from "xenlet:host";

@struct
class Node {
  value: u32 = 7;
  next: Node | null = null;
}
function cut(node: Node): void {
  node.next = null;
}
export function main(): i32 {
  const a = new Node();
  const b = new Node();
  a.next = b;
  const next = a.next;
  cut(a);
  print(`${next.value} ${b.value}`);
  return 0;
}
