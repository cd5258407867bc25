/** Pages that a peer kept when its access was to end: they are looked at again until they come back. */
import { systemTime } from "../arch/x86-xen/system-time.ts";
import { grants } from "../mm/grants.ts";
import type { IdleWork } from "./idle-work.ts";
import { clearTimer, setTimer } from "./scheduler.ts";
import { Timer, type TimerTarget } from "./timer-heap.ts";

/** Nanoseconds between two looks. */
const period = 100000000;
/** How many are looked at each time, the oldest first: a peer that keeps more only delays its own. */
const mostAtOnce = 64;

@struct
class BusyGrants implements IdleWork, TimerTarget {
  /** Set as long as there are busy grants: for nothing else is an idle domain woken. */
  readonly timer = new Timer();
  isDue: boolean = false;

  step(): boolean {
    if (this.isDue) {
      this.isDue = false;
      grants.lookAgain(mostAtOnce);
    }
    if (grants.busy === 0) {
      if (this.timer.isSet) clearTimer(this.timer);
    } else if (!this.timer.isSet) {
      this.timer.target = this;
      setTimer(this.timer, systemTime() + period);
    }
    return false;
  }

  /** The ledger is not for interrupts: this wakes the CPU, and the idle task looks, now or after the next period. @interrupt */
  expired(timer: Timer, now: u64): void {
    this.isDue = true;
    setTimer(timer, now + period);
  }
}

export const busyGrants = new BusyGrants();
