@struct class Node {
  value: u32 = 0;
  next: Node | null = null;
}
function read(node: Node): u32 {
  return node.next.value; // error TS18047
}
export function main(): i32 {
  return read(new Node()) as i32;
}
