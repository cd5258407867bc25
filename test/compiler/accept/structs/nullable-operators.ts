//> 0 8 99 3
// `?.` and `??` on references that may be null.
import { print } from "xenlet:host";

@struct
class Node {
  value: u32 = 3;
  next: Node | null = null;
  read(): u32 {
    return this.value;
  }
}
function nextValue(node: Node | null): u32 {
  return node?.next?.value ?? 0;
}
export function main(): i32 {
  const a = new Node();
  const b = new Node();
  const fallback = new Node();
  fallback.value = 99;
  b.value = 8;
  const before = nextValue(a);
  a.next = b;
  const chosen = b.next ?? fallback;
  print(`${before} ${nextValue(a)} ${chosen.value} ${a.read()}`);
  return 0;
}
