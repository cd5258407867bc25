/** Both ends of one ring of four slots, for a test under Node. What an end refuses is -1. */
import { addressOf, sharedAt } from "xenlet:unsafe";
import { SlotRing, type IndexFault } from "../../../../../kernel/drivers/xenbus/slot-ring.ts";
import { RingHead } from "../../../../../kernel/xen-abi/ring.ts";

@struct({ align: 4096 })
class Page {
  readonly bytes = new FixedArray<u8, 4096>();
}

@struct({ size: 1008 })
class Message {
  id: u64 = 0;
  readonly words = new FixedArray<u64, 125>();
}

const page = new Page();
const front = new SlotRing<Message, Message>();
const back = new SlotRing<Message, Message>();
const message = new Message();
let lastFault: IndexFault = { index: "", least: 0, most: 0, got: 0 };

/** Makes the ring; both ends count from `index`. */
export function start(index: u32): void {
  front.startFront(page.bytes);
  back.startBack(page.bytes);
  head().reqProd.store(index, "relaxed");
  head().rspProd.store(index, "relaxed");
  head().reqEvent.store(index + 1, "relaxed");
  head().rspEvent.store(index + 1, "relaxed");
  countFrom(front, index);
  countFrom(back, index);
}

function countFrom(end: SlotRing<Message, Message>, index: u32): void {
  end.produced = index;
  end.published = index;
  end.consumed = index;
  end.seen = index;
}

function head(): Shared<RingHead> {
  return sharedAt<RingHead>(addressOf(page));
}

function end(isFront: boolean): SlotRing<Message, Message> {
  return isFront ? front : back;
}

export function slotCount(isFront: boolean): u32 {
  return end(isFront).slotCount;
}

export function room(isFront: boolean): u32 {
  return end(isFront).free();
}

export function put(isFront: boolean, id: u64): void {
  message.id = id;
  message.words[124] = ~id;
  end(isFront).next().copyFrom(message);
}

export function publish(isFront: boolean): boolean {
  return end(isFront).publish();
}

export function look(isFront: boolean): i64 {
  return told(end(isFront).look());
}

export function awaitNotice(isFront: boolean, after: u32): i64 {
  return told(end(isFront).awaitNotice(after));
}

function told(there: Result<u32, IndexFault>): i64 {
  if (there.ok) return there.value as i64;
  lastFault = there.error;
  return -1;
}

/** What the last refusal said: 0 for the name's first letter, then what was expected and what was got. */
export function fault(part: u32): u64 {
  switch (part) {
    case 0:
      return lastFault.index.bytes().readU64be(0);
    case 1:
      return lastFault.least;
    case 2:
      return lastFault.most;
    default:
      return lastFault.got;
  }
}

/** The id of the next one, -1 where there is none, -2 where it is torn. */
export function take(isFront: boolean): i64 {
  if (!end(isFront).take(message)) return -1;
  return message.words[124] === ~message.id ? checked<i64>(message.id) : -2;
}

/** Overwrites what the peer of this end says that it produced. */
export function pretend(isFront: boolean, index: u32): void {
  if (isFront) head().rspProd.store(index, "relaxed");
  else head().reqProd.store(index, "relaxed");
}
