//> 7
// Narrowing of a field does not survive a call that may set it to null: the use is checked when it runs.
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
  if (a.next !== null) {
    print(`${a.next.value}`);
    cut(a);
    print(`${a.next.value}`); // stops: null reference
  }
  return 0;
}
