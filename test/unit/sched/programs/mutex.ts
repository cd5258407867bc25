//> b has to wait for a; c has to wait for a
//> a gives it to b; b gives it to c; nobody is left
//> a would wait for itself: true; for b, who waits for a: true; for c, who is free: false
//> low runs as urgently as high: true, and so does whom low waits for: true
//> afterwards each is as urgent as before: true true
import { print } from "xenlet:host";
import { Cpu } from "../../../../kernel/sched/cpu.ts";
import { Mutex } from "../../../../kernel/sched/mutex.ts";
import { Priority, Task } from "../../../../kernel/sched/task.ts";
import { never } from "../../../../kernel/sched/timer-heap.ts";

const a = new Task();
const b = new Task();
const c = new Task();
const first = new Mutex("first");
const second = new Mutex("second");
const cpu = new Cpu();

function begin(task: Task, name: string, priority: Priority): void {
  task.name = name;
  task.priority = priority;
  task.ownPriority = priority;
  cpu.add(task);
}

/** What lock.ts does, without the wait itself. */
function want(task: Task, mutex: Mutex): boolean {
  if (mutex.take(task)) return true;
  task.blockedBy = mutex;
  cpu.lend(task, mutex.owner);
  cpu.suspend(task, mutex.waiters, never);
  return false;
}

function giveUp(task: Task, mutex: Mutex): string {
  const heir = mutex.handOver(task);
  cpu.settle(task);
  if (heir === null) return "nobody is left";
  cpu.wake(heir, heir.woken);
  return heir.name;
}

/** Takes every ready task off the run queue, as if each had run and was waiting. */
function runAll(): void {
  do cpu.next(0);
  while (cpu.current !== cpu.idle);
}

function takesTurns(): void {
  begin(a, "a", Priority.Normal);
  begin(b, "b", Priority.Normal);
  begin(c, "c", Priority.Normal);
  runAll();
  assert(want(a, first), "a free mutex is taken");
  const bWaits = !want(b, first);
  const cWaits = !want(c, first);
  print(`b ${bWaits ? "has to wait for" : "passes"} a; c ${cWaits ? "has to wait for" : "passes"} a`);
  const second_ = giveUp(a, first);
  const third = giveUp(b, first);
  print(`a gives it to ${second_}; b gives it to ${third}; ${giveUp(c, first)}`);
  runAll();
}

function seesCycles(): void {
  assert(want(a, first) && want(b, second) && !want(a, second), "a has first and waits for b");
  const self = first.wouldDeadlock(a);
  const cycle = first.wouldDeadlock(b);
  print(
    `a would wait for itself: ${self}; for b, who waits for a: ${cycle}; for c, who is free: ${first.wouldDeadlock(c)}`,
  );
}

/** a has first and waits for second, which b has; now c, more urgent than both, wants first. */
function lendsPriority(): void {
  c.priority = Priority.Driver;
  c.ownPriority = Priority.Driver;
  assert(!want(c, first), "c has to wait");
  print(
    `low runs as urgently as high: ${a.priority === Priority.Driver}, and so does whom low waits for: ${b.priority === Priority.Driver}`,
  );
  assert(giveUp(b, second) === "a", "a has both");
  assert(giveUp(a, first) === "c", "c has what it wants");
  giveUp(a, second);
  print(
    `afterwards each is as urgent as before: ${a.priority === Priority.Normal} ${b.priority === Priority.Normal}`,
  );
}

export function main(): i32 {
  takesTurns();
  seesCycles();
  lendsPriority();
  return 0;
}
