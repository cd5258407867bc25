//> 2
// What an upcall reaches may neither block nor allocate; waking a task is neither.
import { print } from "xenlet:host";

/** @interrupt */
type Handler = (port: u32) => void;
let events: u32 = 0;
function count(port: u32): void {
  events += port;
}
const handlers: FixedArray<Handler, 2> = [count, count];

/** @blocks */
function wait(): void {
  print(`${events}`);
}
export function main(): i32 {
  handlers[1](2);
  wait();
  return 0;
}
