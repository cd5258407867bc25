//> true 5 false
import { print } from "xenlet:host";

@struct
class Node {
  value: u32 = 5;
}
const only = new Node();
const table = new FixedArray<Node | null, 4>();

export function main(): i32 {
  const before = table[2] === null;
  table[2] = only;
  const found = table[2];
  print(`${before} ${found.value} ${table[2] === null}`);
  return 0;
}
