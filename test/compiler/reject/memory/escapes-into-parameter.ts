@struct class Node {
  held: u32 = 0;
}
@struct class Holder {
  node: Node | null = null;
}
function fill(holder: Holder): void {
  const node = new Node();
  holder.node = node; // error XL4003
}
const holder = new Holder();
export function main(): i32 {
  fill(holder);
  return 0;
}
