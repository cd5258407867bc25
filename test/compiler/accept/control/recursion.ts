//> 5 2
import { print } from "xenlet:host";

/* Which of these can be on the stack twice? test/compiler/recursion.test.ts knows. */
interface Sink {
  write(depth: u32): void;
}

@struct
class Last implements Sink {
  written: u32 = 0;
  write(depth: u32): void {
    this.written = leaf(depth);
  }
}

@struct
class Layer implements Sink {
  readonly below: Sink;
  constructor(below: Sink) {
    this.below = below;
  }
  write(depth: u32): void {
    this.below.write(depth);
  }
}

const last = new Last();

function leaf(depth: u32): u32 {
  return depth + 1;
}

function countDown(depth: u32): u32 {
  return depth === 0 ? 0 : countDown(depth - 1);
}

function isEven(depth: u32): boolean {
  return depth === 0 || isOdd(depth - 1);
}

function isOdd(depth: u32): boolean {
  return depth !== 0 && isEven(depth - 1);
}

type Step = { readonly run: (depth: u32) => u32 };

const steps: FixedArray<Step, 2> = [{ run: leaf }, { run: throughValue }];

function throughValue(depth: u32): u32 {
  const run = steps[depth & 1].run;
  return run(depth);
}

export function main(): i32 {
  const layer = new Layer(new Layer(last));
  layer.write(countDown(3) + leaf(3));
  print(`${isEven(3) ? 0 : last.written} ${throughValue(4) - 3}`);
  return 0;
}
