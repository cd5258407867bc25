@struct class Node {
  next: Node | null = null;
}
export function main(): i32 {
  let previous: Node | null = null;
  for (let i: u32 = 0; i < 3; i++) {
    const node = new Node();
    node.next = previous;
    previous = node; // error XL4003
  }
  return previous === null ? 0 : 1;
}
