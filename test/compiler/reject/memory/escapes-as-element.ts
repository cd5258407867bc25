@struct class Node {
  held: u32 = 0;
}
function make(): Node {
  const nodes = new FixedArray<Node, 2>();
  return nodes[1]; // error XL4003
}
export function main(): i32 {
  return make().held as i32;
}
