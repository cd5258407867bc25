/** What tasks, timers and the clock cost. */
import { systemTime } from "../arch/x86-xen/system-time.ts";
import { Channel } from "../sched/channel.ts";
import { lock, unlock } from "../sched/lock.ts";
import { Mutex } from "../sched/mutex.ts";
import { clearTimer, join, setTimer, spawn, yieldNow } from "../sched/scheduler.ts";
import { Priority, type Task, type TaskBody, Wake } from "../sched/task.ts";
import { never, Timer } from "../sched/timer-heap.ts";
import { measure } from "./measure.ts";

/** Runs in a task. @blocks */
export function measureTasks(): void {
  measure("task.yield-alone", 2000, 1, yieldMany);
  const other = start("partner", partner);
  measure("task.switch-pair", 2000, 1, yieldMany);
  partner.stop = true;
  assert(join(other, never) === Wake.Signal, "the partner ends");
  measure("task.start-join", 200, 1, startAndJoin);
  measure("mutex.lock-unlock", 2000, 1, lockAndUnlock);
  const answering = start("echo", echo);
  measure("channel.round-trip", 1000, 1, sendAndReceive);
  there.close();
  assert(join(answering, never) === Wake.Signal, "the echo ends");
  measure("timer.set-clear", 1000, 1, setAndClear);
  measure("clock.read", 2000, 1, readClock);
}

/** Yields until it is told to stop. */
@struct
class Partner implements TaskBody {
  stop: boolean = false;

  /** @blocks */
  run(): void {
    while (!this.stop) yieldNow();
  }
}
const partner = new Partner();

function start(name: string, body: TaskBody): Task {
  const task = spawn(name, Priority.Normal, body);
  assert(task.ok, "there is memory for a task");
  return task.value;
}

/** @blocks */
function yieldMany(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) yieldNow();
}

@struct
class Nothing implements TaskBody {
  run(): void {}
}
const nothing = new Nothing();

/** @blocks */
function startAndJoin(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    assert(join(start("nothing", nothing), never) === Wake.Signal, "it ends");
  }
}

const mutex = new Mutex("bench");

/** @blocks */
function lockAndUnlock(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    lock(mutex);
    unlock(mutex);
  }
}

const there = new Channel<u64, 1>();
const back = new Channel<u64, 1>();

/** Sends back what it receives. */
@struct
class Echo implements TaskBody {
  /** @blocks */
  run(): void {
    for (let got = there.receive(never); got.ok; got = there.receive(never)) {
      const sent = back.send(got.value, never);
      assert(sent.ok, "somebody listens");
    }
  }
}
const echo = new Echo();

/** @blocks */
function sendAndReceive(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    const sent = there.send(round, never);
    const got = back.receive(never);
    assert(sent.ok && got.ok && got.value === round, "the echo answers");
  }
}

const timer = new Timer();

/** Later than any other timer: Xen's is not changed. */
function setAndClear(rounds: u64): void {
  const far: u64 = systemTime() + 1000000000;
  for (let round: u64 = 0; round < rounds; round++) {
    setTimer(timer, far);
    clearTimer(timer);
  }
}

function readClock(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) assert(systemTime() > 0, "time goes on");
}
