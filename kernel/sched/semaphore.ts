/** Counts what there is of something, and lets tasks wait for it. */
import { MaskedEvents } from "../arch/x86-xen/events.ts";
import { waitIn, wakeFirst } from "./scheduler.ts";
import { TaskList, Wake, WakeSource } from "./task.ts";

@struct
export class Semaphore {
  /** How many can be had. Those that were already given to a task that waited are not among them. */
  count: u64;
  readonly waiters = new TaskList("semaphore", WakeSource.Tasks);

  constructor(count: u64) {
    this.count = count;
  }

  /** Says that handlers of events give, or tasks on their behalf: whoever waits is not stuck for good. */
  givenByEvents(): void {
    this.waiters.source = WakeSource.Events;
  }

  /** Takes one where there is one. @interrupt */
  tryTake(): boolean {
    using masked = new MaskedEvents();
    if (this.count === 0) return false;
    this.count--;
    return true;
  }

  /** Waits for one until `deadline`; anything but `Wake.Signal` means that there came none. @blocks */
  take(deadline: u64): Wake {
    using masked = new MaskedEvents();
    return this.tryTake() ? Wake.Signal : waitIn(this.waiters, deadline);
  }

  /** Adds one: for the task that waits longest, or for whoever comes. @interrupt */
  give(): void {
    using masked = new MaskedEvents();
    if (!wakeFirst(this.waiters)) this.count++;
  }
}
