/** `test=tasks`: a thousand tasks at once, and each way in which they meet. A broken promise is a panic. */
import { systemTime } from "../arch/x86-xen/system-time.ts";
import * as log from "../lib/log.ts";
import { Channel, ChannelEnd } from "../sched/channel.ts";
import { Locked, lock, lockUntil, unlock } from "../sched/lock.ts";
import { Mutex } from "../sched/mutex.ts";
import { cancel, detach, join, sleep, spawn, yieldNow } from "../sched/scheduler.ts";
import { Semaphore } from "../sched/semaphore.ts";
import { deepestUse } from "../sched/stack.ts";
import { Priority, type Task, type TaskBody, Wake } from "../sched/task.ts";
import { currentTask, thisCpu } from "../sched/this-cpu.ts";
import { never } from "../sched/timer-heap.ts";

const many = 1000;
const millisecond = 1000000;

/** Runs in a task. @blocks */
export function exerciseTasks(): void {
  const before = thisCpu().taskCount;
  runMany();
  obeyPriorities();
  limitWaits();
  cancelWaits();
  passMessages();
  handMutexOn();
  assert(thisCpu().taskCount <= before, "every task has gone"); // so have services that found nothing to do
  log.info("self-test tasks: success");
}

function start(name: string, priority: Priority, body: TaskBody): Task {
  const task = spawn(name, priority, body);
  assert(task.ok, "there is memory for a task");
  return task.value;
}

/** @blocks */
function finish(task: Task): void {
  assert(join(task, never) === Wake.Signal, "a task ends");
}

const crowdLock = new Mutex("crowd");
const gate = new Semaphore(0);
const results = new Channel<u64, 16>();

/** One of the crowd: waits at the gate, works under the lock, sleeps, and says its number. */
@struct
class Worker implements TaskBody {
  begun: u64 = 0;
  inside: u64 = 0;
  total: u64 = 0;

  /** @blocks */
  run(): void {
    const number = this.begun;
    this.begun++;
    assert(gate.take(never) === Wake.Signal, "the gate opens");
    for (let round: u64 = 0; round < 3; round++) {
      using held = new Locked(crowdLock);
      this.inside++;
      assert(held.mutex.owner === currentTask() && this.inside === 1, "one at a time");
      if (number % 7 === round) yieldNow();
      this.total++;
      this.inside--;
    }
    sleep(((number * 7919) % 20) * millisecond);
    const sent = results.send(number, never);
    assert(sent.ok, "somebody listens");
  }
}

const worker = new Worker();
const crowd = new FixedArray<Task | null, 1000>();

/** @blocks */
function runMany(): void {
  const begun = systemTime();
  for (let number: usize = 0; number < many; number++)
    crowd[number] = start("worker", Priority.Normal, worker);
  const spawned = systemTime();
  assert(thisCpu().taskCount >= many, "all are there at once");
  while (worker.begun < many) yieldNow();
  for (let number: usize = 0; number < many; number++) gate.give();
  let sum: u64 = 0;
  for (let number: usize = 0; number < many; number++) {
    const result = results.receive(never);
    assert(result.ok, "every task says its number");
    sum += result.value;
  }
  let deepest: u64 = 0;
  for (const task of crowd) {
    assert(task !== null, "the crowd is complete");
    deepest = max<u64>(deepest, deepestUse(task));
    finish(task);
  }
  assert(sum === (many * (many - 1)) / 2, "each number came once");
  assert(worker.total === 3 * many && crowdLock.owner === null, "each had its turns");
  const ended = systemTime();
  const each: u64 = (spawned - begun) / many;
  log.info(`${many} tasks: made in ${each} ns each, done in ${(ended - begun) / millisecond} ms`);
  log.info(`  deepest stack ${deepest} bytes; ${crowdLock.contended} waits for the lock`);
}

/** Writes down its letter when it runs. */
@struct
class Scribe implements TaskBody {
  readonly letter: u8;
  constructor(letter: u8) {
    this.letter = letter;
  }
  /** @blocks */
  run(): void {
    for (let turn: u32 = 0; turn < 2; turn++) {
      book[written] = this.letter;
      written++;
      yieldNow();
    }
  }
}

const book = new FixedArray<u8, 8>();
let written: usize = 0;
const scribeA = new Scribe(0x61);
const scribeB = new Scribe(0x62);
const scribeC = new Scribe(0x63);
const scribeD = new Scribe(0x64);

/** @blocks */
function obeyPriorities(): void {
  const d = start("d", Priority.Background, scribeD);
  const a = start("a", Priority.Normal, scribeA);
  const b = start("b", Priority.Normal, scribeB);
  const c = start("c", Priority.Driver, scribeC);
  finish(d);
  assert(book.equals("ccababdd".bytes()), "urgent ones first, equals by turns");
  finish(a);
  finish(b);
  finish(c);
}

const nothing = new Semaphore(0);
const occupied = new Mutex("occupied");

/** @blocks */
function limitWaits(): void {
  const begun = systemTime();
  assert(nothing.take(begun + millisecond) === Wake.TimedOut, "a wait ends at its limit");
  assert(systemTime() >= begun + millisecond, "and not before");
  nothing.givenByEvents();
  lock(occupied);
  const other = start("other", Priority.Normal, impatient);
  assert(join(other, systemTime() + 20 * millisecond) === Wake.Signal, "it does not wait for ever");
  unlock(occupied);
}

@struct
class Impatient implements TaskBody {
  /** @blocks */
  run(): void {
    assert(lockUntil(occupied, systemTime() + millisecond) === Wake.TimedOut, "the mutex is not given up");
  }
}
const impatient = new Impatient();

/** Waits without limits until it is told to end. */
@struct
class Patient implements TaskBody {
  ended: u32 = 0;
  /** @blocks */
  run(): void {
    assert(nothing.take(never) === Wake.Cancelled, "the wait is over");
    assert(sleep(1000 * millisecond) === Wake.Cancelled, "no wait begins any more");
    this.ended++;
  }
}
const patient = new Patient();

/** @blocks */
function cancelWaits(): void {
  const waiting = start("waiting", Priority.Normal, patient);
  const unborn = start("unborn", Priority.Background, patient);
  yieldNow();
  cancel(waiting);
  cancel(unborn); // has not run yet
  finish(waiting);
  finish(unborn);
  const alone = start("alone", Priority.Normal, patient);
  detach(alone);
  cancel(alone);
  while (patient.ended < 3) yieldNow();
  assert(patient.ended === 3, "all have ended");
}

const pipe = new Channel<u64, 4>();

@struct
class Sender implements TaskBody {
  /** @blocks */
  run(): void {
    for (let number: u64 = 0; number < 100; number++) {
      const sent = pipe.send(number, never);
      assert(sent.ok, "the channel is open");
    }
    pipe.close();
  }
}
const sender = new Sender();

/** @blocks */
function passMessages(): void {
  const task = start("sender", Priority.Normal, sender);
  let expected: u64 = 0;
  for (let got = pipe.receive(never); got.ok; got = pipe.receive(never)) {
    assert(got.value === expected, "messages come in order");
    expected++;
  }
  assert(expected === 100, "all came before the end");
  const after = pipe.receive(never);
  assert(!after.ok && after.error === ChannelEnd.Closed, "a closed channel says so");
  finish(task);
}

/** Takes the mutex as often as it can; who is kept out must have it all the same. */
@struct
class Greedy implements TaskBody {
  readonly rounds: u32;
  constructor(rounds: u32) {
    this.rounds = rounds;
  }
  /** @blocks */
  run(): void {
    for (let round: u32 = 0; round < this.rounds; round++) {
      lock(crowdLock);
      yieldNow();
      unlock(crowdLock);
    }
    if (this.rounds > 1) assert(modestDone, "the modest one had its turn long ago");
    else modestDone = true;
  }
}
let modestDone: boolean = false;
const greedy = new Greedy(100);
const modest = new Greedy(1);

/** @blocks */
function handMutexOn(): void {
  const one = start("greedy", Priority.Normal, greedy);
  const other = start("modest", Priority.Normal, modest);
  finish(one);
  finish(other);
}
