//> 200000 steps, the heap always knew the earliest of what an array knows
//> every timer came out once, in order
import { print } from "xenlet:host";
import { never, Timer, TimerHeap } from "../../../../kernel/sched/timer-heap.ts";

const count = 100;
const timers = new FixedArray<Timer, 100>();
const heap = new TimerHeap();
let seed: u64 = 88172645463325252;

/** Xorshift. */
function random(limit: u64): u64 {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed % limit;
}

function earliest(): u64 {
  let least: u64 = never;
  for (const timer of timers) {
    if (timer.isSet) least = min<u64>(least, timer.deadline);
  }
  return least;
}

/** Nobody is earlier than its parent, and everybody's child knows its parent. */
function check(node: Timer | null, parent: Timer | null): u64 {
  if (node === null) return 0;
  assert(node.isSet && node.parent === parent, "the tree knows its nodes");
  if (parent !== null) assert(parent.deadline <= node.deadline, "parents come first");
  const left = check(node.left, node);
  const right = check(node.right, node);
  assert(left >= right, "the tree fills from the left");
  return left + right + 1;
}

export function main(): i32 {
  for (let step: u64 = 0; step < 200000; step++) {
    const timer = timers[random(count)];
    if (timer.isSet && random(3) !== 0) {
      heap.remove(timer);
    } else if (!timer.isSet) {
      timer.deadline = random(50);
      heap.insert(timer);
    }
    assert(heap.earliest() === earliest(), "the earliest is at the root");
    if (step % 64 === 0) assert(check(heap.root, null) === heap.count, "all are in the tree");
  }
  print("200000 steps, the heap always knew the earliest of what an array knows");
  let last: u64 = 0;
  let left: u64 = heap.count;
  for (let timer = heap.takeDue(100); timer !== null; timer = heap.takeDue(100)) {
    assert(timer.deadline >= last && !timer.isSet, "in order");
    last = timer.deadline;
    left--;
  }
  assert(left === 0 && heap.root === null, "all came out");
  print("every timer came out once, in order");
  return 0;
}
