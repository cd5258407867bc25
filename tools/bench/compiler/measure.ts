import { median } from "./statistics.ts";
import { elapsed, type Call } from "./timer.ts";

/** What one form took, over all rounds of one layout. */
export interface Measurement {
  /** Nanoseconds a call: the median of the rounds. */
  readonly nanoseconds: number;
  /** To the peer: the median of the quotients, each of two samples taken right after each other. */
  readonly ratio: number;
}

/** How long one sample should take: long beside the clock and the call, short beside what disturbs a shared machine. */
const SAMPLE_NANOSECONDS = 150_000;

/**
 * Measures `calls` in turn, `rounds` times. The first is the peer that the others are compared with, and runs before each
 * of them, so that a slower or faster moment of the machine meets both sides of every quotient.
 */
export function measure(calls: readonly Call[], rounds: number): Measurement[] {
  const [peer, ...others] = calls;
  if (peer === undefined) return [];
  const peerCount = sampleSize(peer);
  const peerSamples: number[] = [];
  const samples = others.map((call) => ({
    call,
    count: sampleSize(call),
    own: [] as number[],
    ratios: [] as number[],
  }));
  for (let round = 0; round < rounds; round++) {
    for (const sample of samples) {
      // Each second round in the other order: neither side is always the one that comes first.
      const first = round % 2 === 0 ? elapsed(peer, peerCount) / peerCount : 0;
      const own = elapsed(sample.call, sample.count) / sample.count;
      const beside = first === 0 ? elapsed(peer, peerCount) / peerCount : first;
      peerSamples.push(beside);
      sample.own.push(own);
      sample.ratios.push(own / beside);
    }
    if (samples.length === 0) peerSamples.push(elapsed(peer, peerCount) / peerCount);
  }
  return [
    { nanoseconds: median(peerSamples), ratio: 1 },
    ...samples.map(({ own, ratios }) => ({ nanoseconds: median(own), ratio: median(ratios) })),
  ];
}

/** How many calls make a sample. Runs the code warm on the way. */
function sampleSize(call: Call): number {
  let count = 1;
  while (count < 1 << 20) {
    const took = Math.min(elapsed(call, count), elapsed(call, count));
    if (took >= SAMPLE_NANOSECONDS) return count;
    count = took * 8 < SAMPLE_NANOSECONDS ? count * 4 : Math.ceil((count * SAMPLE_NANOSECONDS) / took) + 1;
  }
  return count;
}
