//> 100000 steps, first in, first out
import { print } from "xenlet:host";
import { BoundedQueue } from "../../../../kernel/sched/bounded-queue.ts";

const queue = new BoundedQueue<u32, 7>();

export function main(): i32 {
  let put: u32 = 0;
  let taken: u32 = 0;
  let seed: u32 = 1;
  for (let step: u32 = 0; step < 100000; step++) {
    seed = seed * 1664525 + 1013904223;
    if (seed >> 31 === 0) {
      const fits = put - taken < 7;
      assert(queue.push(put) === fits, "there is room for seven");
      if (fits) put++;
    } else if (!queue.isEmpty()) {
      assert(queue.pop() === taken, "the oldest comes first");
      taken++;
    }
    assert(queue.count === put - taken, "it knows how many it has");
  }
  print("100000 steps, first in, first out");
  return 0;
}
