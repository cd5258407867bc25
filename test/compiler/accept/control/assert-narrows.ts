//> 5
import { print } from "xenlet:host";

@struct
class Node {
  value: u32 = 5;
}
function read(node: Node | null): u32 {
  assert(node !== null, "there is a node");
  return node.value;
}
export function main(): i32 {
  print(`${read(new Node())}`);
  return 0;
}
