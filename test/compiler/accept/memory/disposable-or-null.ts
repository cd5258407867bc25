//> 1 taken
//> 0 left
//> 0 nothing
// `using` holds null as well, and then disposes of nothing.
import { print } from "xenlet:host";

@struct
class Lock {
  held: u32 = 0;

  [Symbol.dispose](): void {
    this.held--;
  }
}

const lock = new Lock();

function take(wanted: boolean): Lock | null {
  if (!wanted) return null;
  lock.held++;
  return lock;
}

function work(wanted: boolean): void {
  using held = take(wanted);
  if (held !== null) print(`${held.held} taken`);
  else print(`${lock.held} nothing`);
}

export function main(): i32 {
  work(true);
  print(`${lock.held} left`);
  work(false);
  return 0;
}
