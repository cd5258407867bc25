/** `test=events`: storms, masks and fairness, in whichever interface is in use. */
import {
  bindTarget,
  closePort,
  eventAbi,
  maskPort,
  MaskedEvents,
  unmaskPort,
  type EventTarget,
} from "../arch/x86-xen/events.ts";
import { sendEvent, allocateUnbound, bindInterdomain, bindIpi } from "../arch/x86-xen/hypercall/events.ts";
import { systemTime } from "../arch/x86-xen/system-time.ts";
import * as log from "../lib/log.ts";
import { domIdSelf } from "../xen-abi/domain.ts";
import { noPort, type EventPort } from "../xen-abi/event-channel.ts";
import { EventTask, type EventWork } from "../sched/event-task.ts";
import { cancel, join, sleep } from "../sched/scheduler.ts";
import { Wake } from "../sched/task.ts";
import { thisCpu } from "../sched/this-cpu.ts";
import { never } from "../sched/timer-heap.ts";

const many = 100;
const millisecond = 1000000;

/** Counts rings. */
@struct
class Counter implements EventTarget {
  port: EventPort = noPort;
  count: u64 = 0;

  rang(port: EventPort): void {
    assert(port === this.port, "a handler is told its own port");
    this.count++;
  }

  open(): void {
    const port = bindIpi(0);
    assert(port.ok, "Xen has ports");
    this.port = port.value;
    this.count = 0;
    const bound = bindTarget(port.value, this);
    assert(bound.ok, "a new port is free");
  }

  close(): void {
    const closed = closePort(this.port);
    assert(closed.ok, "a port of ours can be closed");
  }
}

const counters = new FixedArray<Counter, 100>();

/** Runs in a task. @blocks */
export function exerciseEvents(): void {
  log.info(`events: ${eventAbi().name()} interface`);
  ringEach();
  keepMasked();
  ringMeanwhile();
  shareFairly();
  talkToSelf();
  deferStorm();
  refuseTaken();
  log.info("self-test events: success");
}

function send(port: EventPort): void {
  const sent = sendEvent(port);
  assert(sent.ok, "a bound port can be rung");
}

/** Every ring arrives when events are open; of those sent while they are masked, one for each port. */
function ringEach(): void {
  for (const counter of counters) counter.open();
  const begun = systemTime();
  for (let round: u64 = 0; round < 100; round++) {
    for (const counter of counters) send(counter.port);
  }
  const each: u64 = (systemTime() - begun) / (100 * many);
  for (const counter of counters) assert(counter.count === 100, "each ring arrived");
  {
    using masked = new MaskedEvents();
    for (let round: u64 = 0; round < 10; round++) {
      for (const counter of counters) send(counter.port);
    }
    for (const counter of counters) assert(counter.count === 100, "nothing comes while events are masked");
  }
  for (const counter of counters) assert(counter.count === 101, "rings while masked become one");
  log.info(`${many} ports, 10000 rings to self: ${each} ns each, none lost`);
}

function keepMasked(): void {
  const counter = counters[0];
  const before = counter.count;
  maskPort(counter.port);
  send(counter.port);
  send(counter.port);
  send(counters[1].port);
  assert(counter.count === before, "a masked port is silent, whoever else rings");
  unmaskPort(counter.port);
  assert(counter.count === before + 1, "what rang while it was masked comes when it is unmasked");
  unmaskPort(counter.port);
  assert(counter.count === before + 1, "and only once");
}

/** Rings its own port again and again, and once the other. */
@struct
class Storm implements EventTarget {
  port: EventPort = noPort;
  other: EventPort = noPort;
  left: u64 = 0;

  rang(port: EventPort): void {
    if (this.left === 0) return;
    this.left--;
    send(this.port);
    if (this.left === 5000) send(this.other);
  }
}

/** Written down when the quiet one is served: how far the storm is. */
@struct
class Quiet implements EventTarget {
  port: EventPort = noPort;
  stormLeft: u64 = 0;

  rang(port: EventPort): void {
    this.stormLeft = storm.left;
  }
}

const storm = new Storm();
const quiet = new Quiet();

function openFor(target: EventTarget): EventPort {
  const port = bindIpi(0);
  assert(port.ok, "Xen has ports");
  const bound = bindTarget(port.value, target);
  assert(bound.ok, "a new port is free");
  return port.value;
}

/** What rings while a handler runs is not missed. */
function ringMeanwhile(): void {
  storm.port = openFor(storm);
  quiet.port = openFor(quiet);
  storm.other = quiet.port;
  storm.left = 100;
  send(storm.port);
  assert(storm.left === 0, "each ring of a handler makes another round");
}

function shareFairly(): void {
  storm.left = 10000;
  send(storm.port);
  assert(storm.left === 0, "the storm is over");
  const late: u64 = 5000 - quiet.stormLeft;
  assert(quiet.stormLeft !== 0 && late <= 2, "a storm does not keep another port waiting");
  log.info(`in a storm of 10000 rings another port was served after ${late} more of them`);
  closeQuietly(storm.port);
  closeQuietly(quiet.port);
  for (const counter of counters) counter.close();
}

function closeQuietly(port: EventPort): void {
  const closed = closePort(port);
  assert(closed.ok, "a port of ours can be closed");
  const sent = sendEvent(port);
  assert(!sent.ok, "a closed port cannot be rung");
}

/** An interdomain channel whose two ends are both ours. */
function talkToSelf(): void {
  const near = counters[0];
  const far = counters[1];
  const offered = allocateUnbound(domIdSelf);
  assert(offered.ok, "a port can be offered to oneself");
  const bound = bindInterdomain(domIdSelf, offered.value);
  assert(bound.ok, "and taken");
  near.port = offered.value;
  far.port = bound.value;
  const nearBound = bindTarget(near.port, near);
  const farBound = bindTarget(far.port, far);
  assert(nearBound.ok && farBound.ok, "both ends have a handler");
  near.count = 0;
  far.count = 0; // binding rings the far end once
  send(near.port);
  send(far.port);
  assert(near.count === 1 && far.count === 1, "each end rings the other");
  far.close();
  near.close();
}

/** Rings itself again whenever it is served. */
@struct
class Endless implements EventWork {
  port: EventPort = noPort;
  rounds: u64 = 0;

  serve(): void {
    this.rounds++;
    send(this.port);
  }
}

const endless = new Endless();
const served = new EventTask(endless);

/** A peer that rings without end has its task run, but not only that one. @blocks */
function deferStorm(): void {
  const port = bindIpi(0);
  assert(port.ok, "Xen has ports");
  endless.port = port.value;
  const task = served.start("endless", port.value);
  assert(task.ok, "there is memory for a task");
  send(port.value);
  const begun = systemTime();
  for (let turn: u32 = 0; turn < 5; turn++) sleep(millisecond);
  const took: u64 = (systemTime() - begun) / millisecond;
  cancel(task.value);
  assert(join(task.value, never) === Wake.Signal, "the task ends when asked");
  closeQuietly(port.value);
  log.info(
    `beside a task with ${endless.rounds} rounds of endless work, five sleeps of 1 ms took ${took} ms`,
  );
}

/** A port that has a handler keeps it, and no task is left of the attempt to serve it. @blocks */
function refuseTaken(): void {
  const counter = counters[0];
  counter.open();
  const tasks = thisCpu().taskCount;
  const refused = served.start("refused", counter.port);
  assert(!refused.ok, "a port has one handler");
  assert(thisCpu().taskCount === tasks, "no task is left");
  send(counter.port);
  assert(counter.count === 1, "the handler of before is told");
  counter.close();
}
