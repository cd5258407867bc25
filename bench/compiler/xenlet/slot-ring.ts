import { SlotRing } from "../../../kernel/drivers/xenbus/slot-ring.ts";
import { RingHead } from "../../../kernel/xen-abi/ring.ts";

const SLOTS = 256;
const BATCH = 32;

/** As long as netif's transmit requests and responses. */
@struct({ size: 12 })
export class Request {
  id: u16 = 0;
  flags: u16 = 0;
  grant: u32 = 0;
  offset: u16 = 0;
  length: u16 = 0;
}
@struct({ size: 4 })
export class Response {
  id: u16 = 0;
  status: i16 = 0;
}

/** What a driver keeps of a ring, in its device's struct. */
@struct
export class Device {
  readonly front = new SlotRing<Request, Response>();
  readonly back = new SlotRing<Response, Request>();
}

/** Makes the ring at the first call, and turns it once: 256 requests, each answered. Sums what was answered and notified. */
export function turn(page: Slice<u8>, device: Device): u64 {
  const front = device.front;
  const back = device.back;
  if (page.readU32le(offsetOf<RingHead>("reqEvent")) === 0) {
    front.startFront(page);
    back.startBack(page);
  }
  let sum: u64 = 0;
  for (let asked: u32 = 0; asked < SLOTS; asked += BATCH) {
    ask(front, asked);
    if (front.publish()) sum++;
    answer(back);
    if (back.publish()) sum++;
    sum += collect(front);
  }
  return sum;
}

function ask(ring: SlotRing<Request, Response>, first: u32): void {
  for (let i: u32 = 0; i < BATCH; i++) {
    const request = ring.next();
    request.id.store((first + i) as u16, "relaxed");
    request.flags.store(0, "relaxed");
    request.grant.store(first + i + 8, "relaxed");
    request.offset.store(0, "relaxed");
    request.length.store(1514, "relaxed");
  }
}

function answer(ring: SlotRing<Response, Request>): void {
  const request = new Request();
  const response = new Response();
  const there = ring.awaitNotice();
  assert(there.ok, "the front end is honest");
  while (ring.take(request)) {
    response.id = request.id;
    response.status = (request.length & 1) as i16;
    ring.next().copyFrom(response);
  }
}

function collect(ring: SlotRing<Request, Response>): u64 {
  const response = new Response();
  let sum: u64 = 0;
  const there = ring.awaitNotice();
  assert(there.ok, "the back end is honest");
  while (ring.take(response)) sum += response.id;
  return sum;
}
