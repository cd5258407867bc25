@struct class Node {
  value: u32 = 0;
}
const one = new Node();
@struct class Holder {
  node: Node = one;
}
const holder = new Holder();
export function main(): i32 {
  zero(holder); // error XL4005
  return 0;
}
