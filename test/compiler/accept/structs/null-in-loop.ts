//> 1 2 stop
// A reference that is set to null again in a loop is not taken for narrowed.
import { print } from "xenlet:host";

@struct
class Node {
  value: u32 = 1;
  next: Node | null = null;
}
export function main(): i32 {
  const a = new Node();
  const b = new Node();
  b.value = 2;
  a.next = b;
  let seen: u32 = 0;
  let node: Node | null = a;
  while (node !== null) {
    seen = seen * 10 + node.value;
    node = node.next;
  }
  print(`${seen / 10} ${seen % 10} ${node === null ? "stop" : "go"}`);
  return 0;
}
