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
/** Of a record's first word, the others say which arguments follow. */
const operationMask = 0xfffff;
const multicall = 13;
const vcpuOp = 24;
const getRunstateInfo = 4;
const eventChannelOp = 32;
const asksOfMark = 3;

/** Counts what `domain` has called in the text of a trace file. */
export function countHypercalls(trace: Buffer, domain: number): HypercallCount {
  return count([...hypercallsOf(trace, domain)]);
}

/**
 * The same for each stretch between two marks, of which one begins it and the next one ends it. A mark is
 * `VCPUOP_get_runstate_info` three times, with at most `mostBetween` other hypercalls in between: a scheduler asks up to twice.
 */
export function countBetweenMarks(trace: Buffer, domain: number, mostBetween: number): HypercallCount[] {
  const calls = [...hypercallsOf(trace, domain)];
  const marks = marksIn(calls, mostBetween);
  const pairs = Array.from({ length: marks.length >> 1 }, (_, pair) => marks.slice(2 * pair, 2 * pair + 2));
  return pairs.map(([begin, end]) => count(calls.slice(begin!.last + 1, end!.first)));
}

interface Mark {
  readonly first: number;
  readonly last: number;
}

function marksIn(calls: readonly Hypercall[], mostBetween: number): Mark[] {
  const marks: Mark[] = [];
  let asked: number[] = [];
  for (const [index, { operation, command }] of calls.entries()) {
    if (operation !== vcpuOp || command !== getRunstateInfo) continue;
    const goesOn = index - (asked.at(-1) ?? -Infinity) - 1 <= mostBetween;
    asked = goesOn ? [...asked, index] : [index];
    if (asked.length < asksOfMark) continue;
    marks.push({ first: asked[0]!, last: index });
    asked = [];
  }
  return marks;
}

interface Hypercall {
  readonly operation: number;
  /** The first argument, where Xen records it. */
  readonly command: number | undefined;
}

function count(calls: readonly Hypercall[]): HypercallCount {
  const eventCalls = calls.filter(({ operation }) => operation === eventChannelOp).length;
  return { all: calls.length, eventCalls };
}

/** What `domain` has called, in order, with a multicall's entries in its place. */
function* hypercallsOf(trace: Buffer, domain: number): Generator<Hypercall> {
  let running = -1;
  for (const { event, words } of records(trace)) {
    if (event === schedSwitch) running = words[2]!;
    if (running !== domain || (event !== hypercall && event !== subcall)) continue;
    const operation = words[0]! & operationMask;
    if (operation !== multicall) yield { operation, command: words[1] };
  }
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
