const SLOTS = 256;
const PAGE_BYTES = 4096;

/** What the producer asks of the consumer: a range of a granted page. */
@struct({ size: 16 })
export class Request {
  id: u32 = 0;
  grant: u32 = 0;
  /** Bytes into the page, and bytes from there. */
  offset: u16 = 0;
  length: u16 = 0;
  flags: u32 = 0;
}

/** A ring with one producer and one consumer in different domains. The indices run freely; their low bits name the slot. */
@struct({ size: 4224 })
export class Ring {
  producer: u32 = 0;
  @align(64) consumer: u32 = 0;
  @align(64) readonly slots = new FixedArray<Request, 256>();
}

/** Pushes `count` requests, as many as there is room for, each visible before the producer index says so. */
export function produce(ring: Shared<Ring>, count: u32): u32 {
  const request = new Request();
  let producer = ring.producer.load("relaxed");
  let pushed: u32 = 0;
  while (pushed < count && producer - ring.consumer.load("acquire") < SLOTS) {
    request.id = producer;
    request.grant = pushed + 8;
    request.offset = ((pushed & 7) as u16) * 512;
    request.length = 512;
    request.flags = pushed & 1;
    ring.slots.at(producer & (SLOTS - 1)).copyFrom(request);
    producer++;
    ring.producer.store(producer, "release");
    pushed++;
  }
  return pushed;
}

/** Pops what there is. Each slot is copied once and only the copy is judged. Returns the bytes of the good requests. */
export function consume(ring: Shared<Ring>): u64 {
  const request = new Request();
  let consumer = ring.consumer.load("relaxed");
  let bytes: u64 = 0;
  while (consumer !== ring.producer.load("acquire")) {
    ring.slots.at(consumer & (SLOTS - 1)).copyTo(request);
    if ((request.offset as u32) + request.length <= PAGE_BYTES && request.grant >= 8) {
      bytes += request.length;
      bytes += request.flags;
    }
    consumer++;
    ring.consumer.store(consumer, "release");
  }
  return bytes;
}
