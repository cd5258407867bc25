//> 3 30 40
//> 4
// Methods and getters are functions with `this`; static methods are functions.
import { print } from "xenlet:host";

@struct
class Counter {
  value: u32 = 0;
  step: u32 = 1;

  static of(step: u32, counter: Counter): void {
    counter.step = step;
  }
  advance(times: u32 = 1): void {
    this.value += this.step * times;
  }
  get doubled(): u32 {
    return this.value * 2;
  }
}
export function main(): i32 {
  const c = new Counter();
  c.advance();
  c.advance(2);
  const three = c.value;
  Counter.of(4, c);
  c.value = 15;
  const thirty = c.doubled;
  c.value = 20;
  print(`${three} ${thirty} ${c.doubled}`);
  print(`${c.step}`);
  return 0;
}
