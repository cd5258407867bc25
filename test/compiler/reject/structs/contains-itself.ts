@struct class Node {
  value: u32 = 0;
  readonly next = new Node(); // error XL3008
}
export function main(): i32 {
  const n = new Node();
  return n.value as i32;
}
