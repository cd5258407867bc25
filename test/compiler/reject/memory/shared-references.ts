import { sharedAt } from "xenlet:unsafe";
@struct class Node {
  value: u32 = 0;
  next: Node | null = null;
}
export function main(): i32 {
  const node = sharedAt<Node>(0x1000); // error XL4006
  return 0;
}
