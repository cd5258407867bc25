@struct class Node {
  held: u32 = 0;
  next: Node | null = null;
}
export function main(): i32 {
  const outer = new Node();
  for (let i: u32 = 0; i < 2; i++) {
    const inner = new Node();
    outer.next = inner; // error XL4003
  }
  return outer.next === null ? 0 : 1;
}
