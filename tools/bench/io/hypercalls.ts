/**
 * What xentrace(8) has recorded of a domain's hypercalls (public/trace.h). Both guests are counted alike, and neither knows of
 * it. The machine has one processor, so that a record belongs to whoever the scheduler switched to last.
 */

/** Hypercalls of one domain, the entries of a multicall counted one by one. */
export interface HypercallCount {
  readonly all: number;
  /** Of them `event_channel_op`: once devices are set up, notifications. Xen does not record which operation it is. */
  readonly eventCalls: number;
}

/** `-e` of xentrace: the classes TRC_SCHED and TRC_PV. */
export const eventMask = "0x22f000";

const schedSwitch = 0x0002_800a; // TRC_SCHED_SWITCH: domain and vCPU that go, domain and vCPU that come
const hypercall = 0x0020_100d; // TRC_PV_HYPERCALL_V2
const subcall = 0x0020_200e; // TRC_PV_HYPERCALL_SUBCALL
const eventChannelOp = 32;
const multicall = 13;

/** Counts what `domain` has called in the text of a trace file. */
export function countHypercalls(trace: Buffer, domain: number): HypercallCount {
  let all = 0;
  let eventCalls = 0;
  let running = -1;
  for (const { event, words } of records(trace)) {
    if (event === schedSwitch) running = words[2]!;
    if (running !== domain || (event !== hypercall && event !== subcall)) continue;
    const operation = words[0]! & 0xfffff;
    if (operation === multicall) continue;
    all++;
    if (operation === eventChannelOp) eventCalls++;
  }
  return { all, eventCalls };
}

interface TraceRecord {
  readonly event: number;
  readonly words: readonly number[];
}

/** `struct t_rec`: 28 bits of event, 3 of the number of words that follow, one that says whether a time stamp precedes them. */
function* records(trace: Buffer): Generator<TraceRecord> {
  for (let at = 0; at + 4 <= trace.length;) {
    const header = trace.readUInt32LE(at);
    const count = (header >>> 28) & 7;
    const start = at + (header >>> 31 === 1 ? 12 : 4);
    at = start + 4 * count;
    if (at > trace.length) return;
    const words = Array.from({ length: count }, (_, index) => trace.readUInt32LE(start + 4 * index));
    yield { event: header & 0x0fff_ffff, words };
  }
}
