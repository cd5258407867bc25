/** A heap of 64 timers, for a test under Node. */
import { Timer, TimerHeap } from "../../../../../kernel/sched/timer-heap.ts";

const timers = new FixedArray<Timer, 64>();
const heap = new TimerHeap();

/** Sets a timer that is not set. */
export function set(number: u32, deadline: u64): boolean {
  const timer = timers[number];
  if (timer.isSet) return false;
  timer.deadline = deadline;
  heap.insert(timer);
  return true;
}

export function clear(number: u32): boolean {
  const wasSet = timers[number].isSet;
  heap.remove(timers[number]);
  return wasSet;
}

export function earliest(): u64 {
  return heap.earliest();
}

/** The number of a timer that is due, or 64. */
export function takeDue(now: u64): u32 {
  const due = heap.takeDue(now);
  for (let number: u32 = 0; number < 64; number++) {
    if (due !== null && timers[number] === due) return number;
  }
  return 64;
}

export function clearAll(): void {
  for (const timer of timers) heap.remove(timer);
}
