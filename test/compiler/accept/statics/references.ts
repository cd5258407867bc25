//> 8
// A static that refers to another one.
import { print } from "xenlet:host";

@struct
class Node {
  value: u32 = 8;
}
const node = new Node();
let current: Node = node;

export function main(): i32 {
  print(`${current.value}`);
  return 0;
}
