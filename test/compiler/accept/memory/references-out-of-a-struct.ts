//> 9
// What a struct of this block refers to may leave; the struct itself may not.
import { print } from "xenlet:host";

@struct
class Node {
  value: u32 = 9;
}
@struct
class Cursor {
  at: Node | null = null;
}
const root = new Node();
function find(): Node | null {
  const cursor = new Cursor();
  cursor.at = root;
  return cursor.at;
}
export function main(): i32 {
  print(`${find()?.value ?? 0}`);
  return 0;
}
