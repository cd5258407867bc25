//> 4
//> 0
// An element that was compared with null may be another one later.
import { print } from "xenlet:host";

@struct
class Node {
  value: u32 = 4;
}
const node = new Node();
const table = new FixedArray<Node | null, 2>();
let index: usize = 0;
function move(): void {
  index = 1;
}
export function main(): i32 {
  table[0] = node;
  if (table[index] !== null) {
    print(`${table[index]?.value ?? 0}`);
    move();
    const found = table[index];
    print(`${found === null ? 0 : found.value}`);
  }
  return 0;
}
