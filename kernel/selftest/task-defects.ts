/** Tasks that get in each other's way: `test=deadlock`, `test=stuck` and `test=hog`. The reports are what is tested. */
import { systemTime } from "../arch/x86-xen/system-time.ts";
import * as log from "../lib/log.ts";
import { Locked } from "../sched/lock.ts";
import { Mutex } from "../sched/mutex.ts";
import { join, sleep, spawn, yieldNow } from "../sched/scheduler.ts";
import { Semaphore } from "../sched/semaphore.ts";
import { Priority, type Task, type TaskBody, Wake } from "../sched/task.ts";
import { currentTask, thisCpu } from "../sched/this-cpu.ts";
import { never } from "../sched/timer-heap.ts";

const millisecond = 1000000;

function start(name: string, body: TaskBody): Task {
  const task = spawn(name, Priority.Normal, body);
  assert(task.ok, "there is memory for a task");
  return task.value;
}

/** Takes two mutexes one after the other. */
@struct
class Diner implements TaskBody {
  readonly left: Mutex;
  readonly right: Mutex;

  constructor(left: Mutex, right: Mutex) {
    this.left = left;
    this.right = right;
  }

  /** @blocks */
  run(): void {
    using first = new Locked(this.left);
    yieldNow();
    using second = new Locked(this.right);
  }
}

const forkA = new Mutex("fork a");
const forkB = new Mutex("fork b");
const forkC = new Mutex("fork c");
const dinerA = new Diner(forkA, forkB);
const dinerB = new Diner(forkB, forkC);
const dinerC = new Diner(forkC, forkA);

/** Three tasks, each with what the one before it wants. @blocks */
export function deadlock(): void {
  const last = start("diner a", dinerA);
  start("diner b", dinerB);
  start("diner c", dinerC);
  join(last, never);
}

const nothing = new Semaphore(0);

@struct
class Waiter implements TaskBody {
  /** @blocks */
  run(): void {
    nothing.take(never);
  }
}
const waiter = new Waiter();

/** Everybody waits for what nobody gives. @blocks */
export function getStuck(): void {
  join(start("waiter", waiter), never);
}

@struct
class Hog implements TaskBody {
  isOver: boolean = false;

  /** Lets nobody else run until it is reported, and for as long as several looks take after that. @blocks */
  run(): void {
    const self = currentTask();
    let end: u64 = systemTime() + 30000 * millisecond; // a machine with other work to do looks seldom
    while (!self.isHog && systemTime() < end) this.isOver = false;
    end = systemTime() + 500 * millisecond;
    while (systemTime() < end) this.isOver = false;
    this.isOver = true;
  }
}
const hog = new Hog();

/** @blocks */
export function hogCpu(): void {
  thisCpu().patience = 100 * millisecond;
  thisCpu().watchAt = never;
  while (thisCpu().watchAt === never) sleep(millisecond); // until idle begins to watch anew
  assert(join(start("hog", hog), never) === Wake.Signal && hog.isOver, "a task that is reported goes on");
  log.info("self-test hog: success");
}
