/** Taking a mutex, and giving it up on every way out of a block. */
import { MaskedEvents } from "../arch/x86-xen/events.ts";
import * as log from "../lib/log.ts";
import { panic } from "../lib/panic.ts";
import type { Mutex } from "./mutex.ts";
import { waitShielded } from "./scheduler.ts";
import { Wake, type Task } from "./task.ts";
import { currentTask, thisCpu } from "./this-cpu.ts";
import { never } from "./timer-heap.ts";

/** While it is in scope, this task has the mutex: `using held = new Locked(mutex)`. */
@struct
export class Locked {
  readonly mutex: Mutex;

  /** @blocks */
  constructor(mutex: Mutex) {
    this.mutex = mutex;
    lock(mutex);
  }

  [Symbol.dispose](): void {
    unlock(this.mutex);
  }
}

/** Waits for the mutex, even where the task is asked to end. Waiting for oneself is a defect. @blocks */
export function lock(mutex: Mutex): void {
  const woken = lockUntil(mutex, never);
  assert(woken === Wake.Signal, "a wait without a limit ends with the mutex");
}

/** Waits for the mutex until `deadline`, and says whether it came (`Wake.Signal`) or not (`Wake.TimedOut`). @blocks */
export function lockUntil(mutex: Mutex, deadline: u64): Wake {
  using masked = new MaskedEvents();
  const task = currentTask();
  if (mutex.take(task)) return Wake.Signal;
  if (deadline === never && mutex.wouldDeadlock(task)) reportCycle(mutex, task);
  mutex.contended++;
  task.blockedBy = mutex;
  thisCpu().lend(task, mutex.owner);
  const woken = waitShielded(mutex.waiters, deadline);
  task.blockedBy = null;
  return woken;
}

/** Gives the mutex to whoever waits longest. */
export function unlock(mutex: Mutex): void {
  using masked = new MaskedEvents();
  const task = currentTask();
  const heir = mutex.handOver(task);
  thisCpu().settle(task);
  if (heir === null) return;
  heir.home?.wake(heir, Wake.Signal);
  if (mutex.waiters.first !== null) thisCpu().lend(mutex.waiters.first, heir);
}

function reportCycle(mutex: Mutex, task: Task): never {
  log.emergency(`${task.name} wants ${mutex.name}, and would wait for itself:`);
  for (
    let holder = mutex.owner;
    holder !== null && holder !== task;
    holder = holder.blockedBy?.holder() ?? null
  ) {
    log.emergency(`  ${holder.name} waits for ${holder.blockedBy?.title() ?? "nothing"}`);
  }
  panic(`deadlock: ${task.name} can never have ${mutex.name}`);
}
