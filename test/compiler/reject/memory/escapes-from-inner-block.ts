@struct class Node {
  held: u32 = 0;
}
const outer = new Node();
export function main(): i32 {
  let chosen = outer;
  if (chosen.held === 0) {
    const inner = new Node();
    const alias = inner;
    chosen = alias; // error XL4003
  }
  return chosen.held as i32;
}
