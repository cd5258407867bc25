@struct class Node {
  value: u32 = 0;
}
const one = new Node();
@struct class Holder {
  node: Node; // error TS2564
  constructor(set: boolean) {
    if (set) this.node = one;
  }
}
export function main(): i32 {
  const h = new Holder(true);
  return h.node.value as i32;
}
