//> 3 -
import { print } from "xenlet:host";

@struct
class Node {
  value: u32 = 3;
}
type Found = { readonly kind: "none" } | { readonly kind: "node"; readonly node: Node };
const node = new Node();
function find(id: u32): Found {
  return id === 1 ? { kind: "node", node } : { kind: "none" };
}
function show(found: Found): u32 {
  return found.kind === "node" ? found.node.value : 0;
}
export function main(): i32 {
  print(`${show(find(1))} ${show(find(2)) === 0 ? "-" : "+"}`);
  return 0;
}
