import type { Workload } from "../workload.ts";
import { randomSource } from "./random.ts";

const WORDS = 64;
const STATE_BYTES = 8 + WORDS * 16;
const DELIVERIES_OFFSET = 4096;
const PORTS = WORDS * 64;

/** A scan of 4096 ports: every second word is selected, with about six ports pending in it, one in eight of them masked. */
export function eventsWorkload(): Workload {
  const random = randomSource(5);
  const state = Buffer.alloc(STATE_BYTES);
  const deliveries = Buffer.alloc(PORTS * 4);
  let selector = 0n;
  let ports = 0;
  for (let word = 0; word < WORDS; word++) {
    let pending = 0n;
    for (let i = 0; i < 6; i++) pending |= 1n << BigInt(random() & 63);
    const masked = randomBits(random) & randomBits(random) & randomBits(random);
    state.writeBigUInt64LE(pending, 8 + word * 8);
    state.writeBigUInt64LE(masked, 8 + WORDS * 8 + word * 8);
    if ((random() & 1) === 0) continue;
    selector |= 1n << BigInt(word);
    for (let bit = 0; bit < 64; bit++) {
      if ((((pending & ~masked) >> BigInt(bit)) & 1n) === 0n) continue;
      const port = word * 64 + bit;
      deliveries.writeUInt32LE(1, port * 4);
      ports += port;
    }
  }
  state.writeBigUInt64LE(selector, 0);
  return {
    symbol: "events",
    title: "event scan, 4096 ports",
    regions: [
      { offset: 0, before: state },
      { offset: DELIVERIES_OFFSET, before: Buffer.alloc(deliveries.length), after: deliveries },
    ],
    result: BigInt(ports),
    operations: 1,
    arguments: (base) => [base, base + BigInt(DELIVERIES_OFFSET)],
  };
}

function randomBits(random: () => number): bigint {
  return (BigInt(random()) << 32n) | BigInt(random());
}
