/** `test=talk`, `test=talk-panic`, `test=echo`: a task that says more than anybody reads, and another one that does not care; a second console. */
import { findConsole } from "../drivers/xenbus/console-frontend.ts";
import { firstConsole } from "../drivers/xenbus/console.ts";
import * as log from "../lib/log.ts";
import { panic } from "../lib/panic.ts";
import { detach, join, sleep, spawn } from "../sched/scheduler.ts";
import { Priority, Wake, type TaskBody } from "../sched/task.ts";
import { never } from "../sched/timer-heap.ts";
import { extent } from "./self-test.ts";

const second = 1000000000;

@struct
class Talker implements TaskBody {
  /** @blocks */
  run(): void {
    for (let number: u64 = 0; number < extent.count; number++) {
      log.info(`line ${number} of the talk: zażółć gęślą jaźń`);
      firstConsole.settle();
    }
  }
}

/** Wakes up ten times a second. */
@struct
class Ticker implements TaskBody {
  ticks: u64 = 0;
  isOver: boolean = false;

  /** @blocks */
  run(): void {
    while (!this.isOver) {
      sleep(second / 10);
      this.ticks++;
    }
  }
}

const talker = new Talker();
const ticker = new Ticker();

/** Says `count` lines, and how often the other task ran meanwhile. @blocks */
export function talk(): void {
  const other = spawn("ticker", Priority.Normal, ticker);
  const task = spawn("talker", Priority.Normal, talker);
  assert(task.ok && other.ok, "there is memory for two tasks");
  detach(other.value);
  assert(join(task.value, never) === Wake.Signal, "a talk ends");
  ticker.isOver = true;
  log.info(`the other task ran ${ticker.ticks} times meanwhile`);
}

/** Talks, and panics after three seconds, whoever listens. @blocks */
export function talkAndPanic(): void {
  const task = spawn("talker", Priority.Normal, talker);
  assert(task.ok, "there is memory for a task");
  detach(task.value);
  sleep(3 * second);
  panic("while another task waits for the console");
}

/** Whenever there is a second console: sends everything that it says back to it, until it is unplugged. @blocks */
export function echo(): void {
  for (;;) echoOnce(); // the domain goes on, since the front end has to end in order
}

/** @blocks */
function echoOnce(): void {
  const bytes = new FixedArray<u8, 256>();
  log.info("echo: waits for device/console/1");
  let console = findConsole("device/console/1");
  for (; console === null; console = findConsole("device/console/1")) sleep(second / 20);
  console.write("hello from the guest\n".bytes());
  while (findConsole("device/console/1") !== null) {
    console.wait();
    const count = console.read(bytes);
    console.write(bytes.slice(0, count));
    console.settle();
  }
  log.info("echo: it was unplugged");
}
