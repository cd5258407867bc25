import type { Workload } from "../workload.ts";
import { randomSource } from "./random.ts";

const ENTRIES = 512;
const FIRST = 100;
const TABLE = 0x12_3456_7000n;
const INVALID = 0xffff_ffff_ffff_ffffn;
const P2M_OFFSET = 16384;

/** One page table's worth of update requests out of a p2m in which every 32nd frame is missing. */
export function pageTableWorkload(): Workload {
  const random = randomSource(2);
  const p2m = Array.from({ length: 1024 }, (_, i) => (i % 32 === 7 ? INVALID : BigInt(random() & 0xfffffff)));
  const updates = Buffer.alloc(ENTRIES * 16);
  let present = 0n;
  for (let i = 0; i < ENTRIES; i++) {
    const mfn = p2m[FIRST + i] ?? INVALID;
    updates.writeBigUInt64LE(TABLE + BigInt(i * 8), i * 16);
    if (mfn === INVALID) continue;
    updates.writeBigUInt64LE((mfn << 12n) | 0x63n, i * 16 + 8);
    present++;
  }
  const p2mBytes = Buffer.from(BigUint64Array.from(p2m).buffer);
  return {
    symbol: "pageTable",
    title: "512 page-table entries",
    regions: [
      { offset: 0, before: Buffer.alloc(updates.length, 0xee), after: updates },
      { offset: P2M_OFFSET, before: p2mBytes },
    ],
    result: present,
    operations: 1,
    arguments: (base) => [
      base,
      BigInt(ENTRIES),
      base + BigInt(P2M_OFFSET),
      BigInt(p2m.length),
      BigInt(FIRST),
      TABLE,
    ],
  };
}
