/** `test=timer`: how late sleeps and timers are, that none is early, and that Xen is asked no more than needed. */
import { MaskedEvents } from "../arch/x86-xen/events.ts";
import { monotonicTime, wallClock } from "../arch/x86-xen/time.ts";
import { systemTime } from "../arch/x86-xen/system-time.ts";
import * as log from "../lib/log.ts";
import { clearTimer, setTimer, sleepUntil } from "../sched/scheduler.ts";
import { thisCpu } from "../sched/this-cpu.ts";
import { Timer, type TimerTarget } from "../sched/timer-heap.ts";

const microsecond = 1000;
const millisecond = 1000000;
const second = 1000000000;
const rounds = 20;

/** Runs in a task. @blocks */
export function exerciseTimer(): void {
  measureSleep(100 * microsecond);
  measureSleep(millisecond);
  measureSleep(10 * millisecond);
  setMany();
  moveLimit();
  readClocks();
  log.info("self-test timer: success");
}

/** @blocks */
function measureSleep(duration: u64): void {
  let worst: u64 = 0;
  let sum: u64 = 0;
  let least: u64 = second;
  for (let round: u64 = 0; round < rounds; round++) {
    const deadline = systemTime() + duration;
    sleepUntil(deadline);
    const now = systemTime();
    assert(now >= deadline, "a sleep is not too short");
    const late: u64 = now - deadline;
    worst = max<u64>(worst, late);
    least = min<u64>(least, late);
    sum += late;
  }
  assert(least < second, "a sleep ends");
  log.info(`sleep of ${duration / microsecond} us, late by: ${least / microsecond} us at least`);
  log.info(`  ${sum / rounds / microsecond} us on average, ${worst / microsecond} us at most`);
}

const many = 200;
const timers = new FixedArray<Timer, 200>();

/** Counts timers that expire, and sees that they come in order and not early. */
@struct
class Recorder implements TimerTarget {
  count: u64 = 0;
  last: u64 = 0;

  expired(timer: Timer, now: u64): void {
    assert(now >= timer.deadline, "a timer is not early");
    assert(timer.deadline >= this.last, "timers come in order");
    this.last = timer.deadline;
    this.count++;
  }
}

const recorder = new Recorder();

/** @blocks */
function setMany(): void {
  const begun = systemTime() + millisecond;
  setAndClear(begun);
  sleepUntil(begun + many * 100 * microsecond + millisecond);
  assert(recorder.count === (many * 3) / 4, "those that were left set expired, and each once");
  for (const timer of timers) assert(!timer.isSet, "none is left");
  log.info(`${many} timers, a quarter of them cleared: ${recorder.count} expired in order`);
}

/** None expires meanwhile, however long it takes. */
function setAndClear(begun: u64): void {
  using masked = new MaskedEvents();
  for (const [number, timer] of timers.entries()) {
    timer.target = recorder;
    setTimer(timer, begun + ((number * 7919) % many) * 100 * microsecond);
  }
  for (let number: usize = 0; number < many; number += 4) clearTimer(timers[number]);
}

/** A time limit that is set and lifted over and over, as around requests that are answered in time. */
function moveLimit(): void {
  const before = thisCpu().armings;
  for (let request: u64 = 0; request < 1000; request++) {
    setTimer(timers[0], systemTime() + second);
    clearTimer(timers[0]);
  }
  const armings: u64 = thisCpu().armings - before;
  assert(armings <= 2, "a limit that is lifted costs no hypercall");
  log.info(`1000 time limits set and lifted: ${armings} hypercalls`);
}

/** `test=clock`: shows both clocks ten times a second, until somebody ends the domain. @blocks */
export function showClocks(): never {
  for (let next: u64 = systemTime(); ; next += 100 * millisecond) {
    const wall = wallClock();
    log.info(`clock: ${monotonicTime() / millisecond} ms since Xen booted, ${wall.seconds} s since 1970`);
    sleepUntil(next);
  }
}

function readClocks(): void {
  let last: u64 = monotonicTime();
  for (let round: u32 = 0; round < 100000; round++) {
    const now = monotonicTime();
    assert(now >= last, "time does not go back");
    last = now;
  }
  const wall = wallClock();
  assert(wall.seconds > 1700000000, "dom0 has set the date");
  log.info(`wall clock: ${wall.seconds} s and ${wall.nanoseconds} ns since 1970`);
}
