/**
 * Mutual exclusion among tasks: what it decides; lock.ts waits. A mutex is needed only around what must not change across
 * a `@blocks` call, since between those no other task runs.
 */
import { blocker } from "./cpu.ts";
import { TaskList, WakeSource, type Owned, type Task } from "./task.ts";

@struct
export class Mutex implements Owned {
  readonly name: string;
  owner: Task | null = null;
  readonly waiters = new TaskList("mutex", WakeSource.Tasks);
  /** How often it was taken, and how often somebody had to wait for it. */
  taken: u64 = 0;
  contended: u64 = 0;

  constructor(name: string) {
    this.name = name;
  }

  holder(): Task | null {
    return this.owner;
  }

  title(): string {
    return this.name;
  }

  /** Takes it where it is free. */
  take(task: Task): boolean {
    if (this.owner !== null) return false;
    this.owner = task;
    task.owns++;
    this.taken++;
    return true;
  }

  /**
   * Gives it up. The one that waits longest has it at once, and is to be woken: were it only told to try again, a task that
   * takes it over and over could keep it out for ever.
   */
  handOver(task: Task): Task | null {
    assert(this.owner === task, "a mutex is given up by the task that has it");
    task.owns--;
    const heir = this.waiters.first;
    this.owner = heir;
    if (heir === null) return null;
    heir.owns++;
    heir.blockedBy = null;
    this.taken++;
    return heir;
  }

  /** Whether `task` would wait for itself: it has the mutex, or the owner waits, however indirectly, for what it has. */
  wouldDeadlock(task: Task): boolean {
    for (let holder = this.owner; holder !== null; holder = blocker(holder)) {
      if (holder === task) return true;
    }
    return false;
  }
}
