@struct class Node {
  value: u32 = 0;
}
@union class Either {
  number: u64 = 0;
  node: Node | null = null; // error XL4007
}
export function main(): i32 {
  const e = new Either();
  return 0;
}
