//> 4 slots: 60000 requests, each answered once, in order
//> 128 slots: 400000 requests, each answered once, in order
//> fewer notifications than requests
// Both ends of a ring at once, each a thread that sleeps as soon as it is told that it may. A notification that is lost is a
// program that never ends; ThreadSanitizer, under which it also runs, finds a slot that is used before it was published.
import { print } from "xenlet:host";
import { addressOf, ptr, type Ptr } from "xenlet:unsafe";
import { SlotRing } from "../../../../kernel/drivers/xenbus/slot-ring.ts";

declare function pthread_create(thread: Ptr<u64>, attributes: u64, body: u64, argument: u64): i32;
declare function pthread_join(thread: u64, result: u64): i32;
declare function sem_init(semaphore: Ptr<Doorbell>, shared: i32, value: u32): i32;
declare function sem_post(semaphore: Ptr<Doorbell>): i32;
declare function sem_wait(semaphore: Ptr<Doorbell>): i32;

/** A `sem_t`: like an event channel, it remembers a ring that nobody waits for. */
@struct({ size: 32 })
class Doorbell {
  readonly words = new FixedArray<u64, 4>();
}

@struct({ align: 4096 })
class Page {
  readonly bytes = new FixedArray<u8, 4096>();
}

/** Four of these fill a page. */
@struct({ size: 1008 })
class Long {
  id: u64 = 0;
  readonly words = new FixedArray<u64, 125>();
}

@struct({ size: 24 })
class Short {
  id: u64 = 0;
  readonly words = new FixedArray<u64, 2>();
}

/** What both ends know. */
const page = new Page();
const forFront = new Doorbell();
const forBack = new Doorbell();
let total: u64 = 0;
/** How often a front end rang. */
let notices: u64 = 0;

const longFront = new SlotRing<Long, Short>();
const longBack = new SlotRing<Short, Long>();
const shortFront = new SlotRing<Short, Short>();
const shortBack = new SlotRing<Short, Short>();

export function main(): i32 {
  total = 60000;
  longFront.startFront(page.bytes);
  longBack.startBack(page.bytes);
  race(addressOf(answerLong), addressOf(askLong));
  print(`${longFront.slotCount} slots: ${total} requests, each answered once, in order`);
  total = 400000;
  shortFront.startFront(page.bytes);
  shortBack.startBack(page.bytes);
  race(addressOf(answerShort), addressOf(askShort));
  print(`${shortFront.slotCount} slots: ${total} requests, each answered once, in order`);
  if (notices < 460000) print("fewer notifications than requests");
  return 0;
}

/** Runs a back end and a front end until all is answered. */
function race(back: u64, front: u64): void {
  const threads = new FixedArray<u64, 2>();
  sem_init(bell(forFront), 0, 0);
  sem_init(bell(forBack), 0, 0);
  pthread_create(ptr<u64>(addressOf(threads)), 0, back, 0);
  pthread_create(ptr<u64>(addressOf(threads) + 8), 0, front, 0);
  for (const thread of threads) pthread_join(thread, 0);
}

function bell(doorbell: Doorbell): Ptr<Doorbell> {
  return ptr<Doorbell>(addressOf(doorbell));
}

function askLong(argument: u64): u64 {
  const request = new Long();
  const response = new Short();
  return ask<Long>(longFront, request, response);
}

function answerLong(argument: u64): u64 {
  const request = new Long();
  const response = new Short();
  return answer<Long>(longBack, request, response);
}

function askShort(argument: u64): u64 {
  const request = new Short();
  const response = new Short();
  return ask<Short>(shortFront, request, response);
}

function answerShort(argument: u64): u64 {
  const request = new Short();
  const response = new Short();
  return answer<Short>(shortBack, request, response);
}

/** A request's words: the last one is what a slot that is read too early does not have yet. */
type Message = { id: u64; readonly words: Slice<u64> };

/** Puts in batches of every size; sleeps only where nothing has come. Gives how often it rang. */
function ask<T extends Message>(ring: SlotRing<T, Short>, request: T, response: Short): u64 {
  let asked: u64 = 0;
  let answered: u64 = 0;
  let rung: u64 = 0;
  while (answered < total) {
    const batch: u64 = min<u64>(min<u64>(ring.free(), (asked % 7) + 1), total - asked);
    for (let i: u64 = 0; i < batch; i++) {
      request.id = asked;
      request.words[request.words.length - 1] = asked * 3;
      ring.next().copyFrom(request);
      asked++;
    }
    if (ring.publish()) {
      rung++;
      sem_post(bell(forBack));
    }
    const there = ring.awaitNotice();
    assert(there.ok, "the back end is honest");
    if (there.value === 0 && (ring.free() === 0 || asked === total)) sem_wait(bell(forFront));
    while (ring.take(response)) {
      assert(
        response.id === answered && response.words[1] === answered * 5,
        "answers come in order, complete",
      );
      answered++;
    }
  }
  notices += rung;
  return 0;
}

/** Takes what there is, answers it, and sleeps where there is no more. */
function answer<T extends Message>(ring: SlotRing<Short, T>, request: T, response: Short): u64 {
  let done: u64 = 0;
  while (done < total) {
    const there = ring.awaitNotice();
    assert(there.ok, "the front end is honest");
    if (there.value === 0) sem_wait(bell(forBack));
    while (ring.take(request)) {
      assert(
        request.id === done && request.words[request.words.length - 1] === done * 3,
        "requests come in order, complete",
      );
      response.id = done;
      response.words[1] = done * 5;
      ring.next().copyFrom(response);
      done++;
    }
    if (ring.publish()) sem_post(bell(forFront));
  }
  return 0;
}
