/** One end that publishes twice and one that sleeps in between, for interleave.c, which runs them in every order. */
import "xenlet:unsafe";
import { SlotRing } from "../../../../../kernel/drivers/xenbus/slot-ring.ts";

/** The event channel. */
declare function ringBell(): void;
declare function awaitBell(): void;

@struct({ align: 4096 })
class Page {
  readonly bytes = new FixedArray<u8, 4096>();
}

/** Two of these fill a page. */
@struct({ size: 2016 })
class Message {
  id: u64 = 0;
  readonly words = new FixedArray<u64, 251>();
}

const messages = 2;
const page = new Page();
const front = new SlotRing<Message, Message>();
const back = new SlotRing<Message, Message>();
const sent = new Message();
const received = new Message();

/** Makes the ring; for responses, its requests have been taken already. */
export function start(responses: bool): void {
  front.startFront(page.bytes);
  back.startBack(page.bytes);
  if (!responses) return;
  for (let i: u32 = 0; i < messages; i++) front.next().copyFrom(sent);
  front.publish();
  const there = back.look();
  assert(there.ok && there.value === messages, "all requests are there");
  while (back.take(received));
}

/** Publishes one message after the other. */
export function publisher(responses: bool): void {
  const ring = responses ? back : front;
  for (let i: u64 = 0; i < messages; i++) {
    sent.id = i;
    ring.next().copyFrom(sent);
    if (ring.publish()) ringBell();
  }
}

/** Takes every message; sleeps whenever there is none. */
export function sleeper(responses: bool): void {
  const ring = responses ? front : back;
  let taken: u64 = 0;
  while (taken < messages) {
    const there = ring.awaitNotice();
    assert(there.ok, "the peer is honest");
    if (there.value === 0) awaitBell();
    while (ring.take(received)) {
      assert(received.id === taken, "messages come in order");
      taken++;
    }
  }
}
