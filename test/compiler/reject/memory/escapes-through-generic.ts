@struct class Stack<T> {
  count: usize = 0;
  readonly items = new FixedArray<T | null, 4>();
  push(item: T): void {
    this.items[this.count] = item;
    this.count++;
  }
}
@struct class Node {
  held: u32 = 0;
}
const stack = new Stack<Node>();
export function main(): i32 {
  const node = new Node();
  stack.push(node); // error XL4003
  return 0;
}
