import type { Workload } from "../workload.ts";

const SLOTS = 256;
const SLOT_BYTES = 12;
const HEAD_BYTES = 64;
const PAGE_BYTES = 4096;
/** Where each form keeps its own side, as it likes. */
const DEVICE = 8192;

/** The ring between a front end and a back end (io/ring.h): 256 requests, answered in batches of 32. */
export function slotRingWorkload(): Workload {
  const before = Buffer.alloc(PAGE_BYTES);
  const after = Buffer.alloc(PAGE_BYTES);
  // Both ends look before they ask to be notified, and always find something: the event indices stay where they began.
  after.writeUInt32LE(SLOTS, 0);
  after.writeUInt32LE(1, 4);
  after.writeUInt32LE(SLOTS, 8);
  after.writeUInt32LE(1, 12);
  let result = 0n;
  for (let id = 0; id < SLOTS; id++) {
    const slot = HEAD_BYTES + id * SLOT_BYTES;
    after.writeUInt16LE(id, slot); // of the response, as of the request that it overwrites
    after.writeUInt32LE(id + 8, slot + 4);
    after.writeUInt16LE(1514, slot + 10);
    result += BigInt(id);
  }
  return {
    symbol: "slotRing",
    title: `slot ring, ${SLOTS} requests + responses`,
    regions: [{ offset: 0, before, after }],
    // Only the first batch in either direction passes an event index.
    result: result + 2n,
    operations: 1,
    arguments: (base) => [base, BigInt(PAGE_BYTES), base + BigInt(DEVICE)],
  };
}
