import type { Workload } from "../workload.ts";

const SLOTS = 256;
const RING_BYTES = 128 + SLOTS * 16;
/** Both indices start short of their wrap, so that it is part of what is compared. */
const START = 0xffff_ff80;

/** 256 requests pushed onto a ring and popped from it. */
export function ringWorkload(): Workload {
  const before = Buffer.alloc(RING_BYTES);
  before.writeUInt32LE(START, 0);
  before.writeUInt32LE(START, 64);
  const after = Buffer.alloc(RING_BYTES);
  const end = (START + SLOTS) >>> 0;
  after.writeUInt32LE(end, 0);
  after.writeUInt32LE(end, 64);
  let result = BigInt(SLOTS);
  for (let i = 0; i < SLOTS; i++) {
    const id = (START + i) >>> 0;
    const slot = 128 + (id & (SLOTS - 1)) * 16;
    after.writeUInt32LE(id, slot);
    after.writeUInt32LE(i + 8, slot + 4);
    after.writeUInt16LE((i & 7) * 512, slot + 8);
    after.writeUInt16LE(512, slot + 10);
    after.writeUInt32LE(i & 1, slot + 12);
    result += BigInt(512 + (i & 1));
  }
  return {
    symbol: "ring",
    title: "ring, 256 push + pop",
    regions: [{ offset: 0, before, after }],
    result,
    operations: 1,
    arguments: (base) => [base, BigInt(SLOTS)],
  };
}
