//> 2 20 10
import { print } from "xenlet:host";

@struct
class Stack<T> {
  count: usize = 0;
  readonly items = new FixedArray<T, 4>();
  push(item: T): void {
    this.items[this.count] = item;
    this.count++;
  }
  pop(): T {
    this.count--;
    return this.items[this.count];
  }
}
export function main(): i32 {
  const stack = new Stack<u16>();
  stack.push(10);
  stack.push(20);
  const count = stack.count;
  const top = stack.pop();
  print(`${count} ${top} ${stack.pop()}`);
  return 0;
}
