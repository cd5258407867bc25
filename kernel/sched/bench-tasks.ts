/** `test=bench-tasks`: what switches, events and timers cost. Meaningful on a machine that counts instructions, or is idle. */
import {
  bindTarget,
  closePort,
  eventAbi,
  maskPort,
  MaskedEvents,
  type EventTarget,
} from "../arch/x86-xen/events.ts";
import { sendEvent, xenVersion } from "../arch/x86-xen/hypercall.ts";
import { bindIpi } from "../arch/x86-xen/hypercall-events.ts";
import { systemTime } from "../arch/x86-xen/system-time.ts";
import { monotonicTime } from "../arch/x86-xen/time.ts";
import * as log from "../lib/log.ts";
import { type EventPort } from "../xen-abi/event-channel.ts";
import { VersionOp } from "../xen-abi/version.ts";
import { Channel } from "./channel.ts";
import { lock, unlock } from "./lock.ts";
import { Mutex } from "./mutex.ts";
import { clearTimer, join, setTimer, spawn, yieldNow } from "./scheduler.ts";
import { Priority, type Task, type TaskBody, Wake } from "./task.ts";
import { never, Timer } from "./timer-heap.ts";

const rounds = 10000;

/** Runs in a task. @blocks */
export function benchmarkTasks(): void {
  log.info(`ns each, over ${rounds} rounds (${eventAbi().name()} events)`);
  timeHypercall();
  timeYield();
  timeEvents();
  timeMutex();
  timeChannel();
  timeTimer();
  timeTasks();
  timeClock();
}

function show(what: string, since: u64): void {
  log.info(`  ${what} ${(systemTime() - since) / rounds}`);
}

function timeHypercall(): void {
  const since = systemTime();
  for (let round: u32 = 0; round < rounds; round++) {
    const version = xenVersion(VersionOp.Version, 0);
    assert(version.ok, "Xen says its version");
  }
  show("null hypercall", since);
}

/** Yields until told to stop. */
@struct
class Partner implements TaskBody {
  stop: boolean = false;
  /** @blocks */
  run(): void {
    while (!this.stop) yieldNow();
  }
}
const partner = new Partner();

function begin(name: string, body: TaskBody): Task {
  const task = spawn(name, Priority.Normal, body);
  assert(task.ok, "there is memory for a task");
  return task.value;
}

/** @blocks */
function timeYield(): void {
  const task = begin("partner", partner);
  yieldNow();
  const since = systemTime();
  for (let round: u32 = 0; round < rounds; round++) yieldNow();
  show("yield to another task and back", since);
  partner.stop = true;
  assert(join(task, never) === Wake.Signal, "it ends");
  const alone = systemTime();
  for (let round: u32 = 0; round < rounds; round++) yieldNow();
  show("yield with nobody else", alone);
}

@struct
class Doorbell implements EventTarget {
  count: u64 = 0;
  rang(port: EventPort): void {
    this.count++;
  }
}
const doorbell = new Doorbell();

function timeEvents(): void {
  const port = bindIpi(0);
  assert(port.ok, "Xen has ports");
  const bound = bindTarget(port.value, doorbell);
  assert(bound.ok, "a new port is free");
  const since = systemTime();
  for (let round: u32 = 0; round < rounds; round++) ring(port.value);
  show("event to self and back", since);
  assert(doorbell.count === rounds, "each arrived");
  const together = systemTime();
  for (let round: u32 = 0; round < rounds; round++) {
    using masked = new MaskedEvents();
    ring(port.value);
  }
  show("event to self, served when events are unmasked", together);
  maskPort(port.value);
  const silent = systemTime();
  for (let round: u32 = 0; round < rounds; round++) ring(port.value);
  show("event to a masked port", silent);
  const closed = closePort(port.value);
  assert(closed.ok, "a port of ours can be closed");
}

function ring(port: EventPort): void {
  const sent = sendEvent(port);
  assert(sent.ok, "a bound port can be rung");
}

const mutex = new Mutex("bench");

/** @blocks */
function timeMutex(): void {
  const since = systemTime();
  for (let round: u32 = 0; round < rounds; round++) {
    lock(mutex);
    unlock(mutex);
  }
  show("lock and unlock, uncontended", since);
}

const there = new Channel<u64, 1>();
const back = new Channel<u64, 1>();

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
function timeChannel(): void {
  const task = begin("echo", echo);
  const since = systemTime();
  for (let round: u64 = 0; round < rounds; round++) {
    const sent = there.send(round, never);
    const got = back.receive(never);
    assert(sent.ok && got.ok && got.value === round, "the echo answers");
  }
  show("message to another task and back", since);
  there.close();
  assert(join(task, never) === Wake.Signal, "it ends");
}

const timer = new Timer();

function timeTimer(): void {
  const far = systemTime() + 1000000000;
  setTimer(timer, far); // later ones need not ask Xen
  clearTimer(timer);
  const since = systemTime();
  for (let round: u32 = 0; round < rounds; round++) {
    setTimer(timer, far);
    clearTimer(timer);
  }
  show("set and clear a timer", since);
}

@struct
class Nothing implements TaskBody {
  run(): void {}
}
const nothing = new Nothing();

/** @blocks */
function timeTasks(): void {
  const since = systemTime();
  for (let round: u32 = 0; round < rounds; round++) {
    assert(join(begin("nothing", nothing), never) === Wake.Signal, "it ends");
  }
  show("start a task, run it, join it", since);
}

function timeClock(): void {
  const since = systemTime();
  for (let round: u32 = 0; round < rounds; round++) assert(monotonicTime() >= since, "time goes on");
  show("read the clock", since);
}
