@struct class Node {
  held: u32 = 0;
}
type Found = { readonly kind: "none" } | { readonly kind: "node"; readonly node: Node };
function find(): Found {
  const node = new Node();
  return { kind: "node", node }; // error XL4003
}
export function main(): i32 {
  return find().kind === "none" ? 0 : 1;
}
