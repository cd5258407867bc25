/** Tasks that could run: a list for each priority, and a bit for each list that is not empty. */
import { TaskList, type Priority, type Task } from "./task.ts";

@struct
export class RunQueue {
  /** Bit n: the list of priority n has tasks. */
  filled: u32 = 0;
  readonly lists = new FixedArray<TaskList, 4>();

  isEmpty(): boolean {
    return this.filled === 0;
  }

  /** Behind those of its own priority. */
  append(task: Task): void {
    this.lists[task.priority].append(task);
    this.filled |= bit(task.priority);
  }

  /** The task that is to run next: of the most urgent, the one that waits longest. */
  takeNext(): Task | null {
    if (this.filled === 0) return null;
    const priority: u32 = lowestBit(this.filled);
    const list = this.lists[priority];
    const task = list.takeFirst();
    if (list.isEmpty()) this.filled &= this.filled - 1;
    return task;
  }

  /** Takes out a task before its turn. */
  remove(task: Task): void {
    const list = this.lists[task.priority];
    list.remove(task);
    if (list.isEmpty()) this.filled &= ~bit(task.priority);
  }

  /** Whether a task of this priority, that would let others go first, finds somebody. */
  hasTurnFor(priority: Priority): boolean {
    return (this.filled & ((bit(priority) << 1) - 1)) !== 0;
  }

  /** Whether somebody is ready who is more urgent. */
  hasMoreUrgent(priority: Priority): boolean {
    return (this.filled & (bit(priority) - 1)) !== 0;
  }
}

function bit(priority: Priority): u32 {
  const one: u32 = 1;
  return one << priority;
}
