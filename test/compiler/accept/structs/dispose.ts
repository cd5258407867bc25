//> open a
//> open b
//> work
//> close b
//> close a
//> open a
//> close a
//> after
// `using` disposes on every way out of the block, in reverse order.
import { print } from "xenlet:host";

@struct
class Lock {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
    print(`open ${name}`);
  }
  [Symbol.dispose](): void {
    print(`close ${this.name}`);
  }
}
function both(): u32 {
  using a = new Lock("a");
  using b = new Lock("b");
  print("work");
  return a.name === b.name ? 1 : 0;
}
function early(leave: boolean): void {
  using lock = new Lock("a");
  if (leave && lock.name === "a") return;
  print("not reached");
}
export function main(): i32 {
  both();
  early(true);
  print("after");
  return 0;
}
