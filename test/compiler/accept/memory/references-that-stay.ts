//> 9 5 3
//> 7
// References may go inwards, and come back where they came from.
import { print } from "xenlet:host";

@struct
class Node {
  value: u32 = 9;
  next: Node | null = null;
}
const root = new Node();

function same(node: Node): Node {
  return node;
}
function tail(bytes: Slice<u8>): Slice<u8> {
  return bytes.slice(1);
}
function last(node: Node): Node {
  let one = node;
  while (one.next !== null) one = one.next;
  return one;
}
export function main(): i32 {
  const outer = new Node();
  outer.value = 5;
  const here = same(outer);
  {
    const inner = new Node();
    inner.next = outer;
    inner.value = 3;
    const found = last(inner);
    print(`${same(root).value} ${found.value} ${inner.value}`);
  }
  here.value = 7;
  const bytes = new FixedArray<u8, 3>();
  const rest = tail(bytes);
  rest[0] = 7;
  print(`${bytes[1]}`);
  return 0;
}
