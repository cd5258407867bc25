import test from "ava";

import { toRows, toTable, type Cost, type Load } from "../../tools/bench/io/figures.ts";
import { countBetweenMarks, countHypercalls } from "../../tools/bench/io/hypercalls.ts";
import { blockLoads, netLoads } from "../../tools/bench/io/loads.ts";

const loads: readonly Load[] = [
  { name: "rtt", title: "echo", speed: "latency", bytes: 18 },
  { name: "flood", title: "many echoes", speed: "rate", bytes: 18 },
  { name: "bulk", title: "large frames", speed: "bandwidth", bytes: 1472 },
];
const own = new Map<string, Cost>([
  ["rtt", { time: 100_000, cpu: 15_000, hypercalls: 3, eventCalls: 1 }],
  ["flood", { time: 50_000, cpu: 2_000, eventCalls: 24 / 624 }],
  ["bulk", { time: 14_720, cpu: 3_000 }],
]);
const linux = new Map<string, Cost>([
  ["rtt", { time: 80_000, cpu: 60_000, hypercalls: 6, eventCalls: 1 }],
  ["flood", { time: 100_000, cpu: 26_000, eventCalls: 23 / 624 }],
]);
const rows = toRows(loads, own, linux);

function row(name: string): (typeof rows)[number] | undefined {
  return rows.find((candidate) => candidate.name === name);
}

test("a latency is better where it is less, and stands beside Linux's as a ratio", (t) => {
  t.like(row("rtt.time"), {
    value: 100_000,
    unit: "ns",
    peer: "Linux",
    peerValue: 80_000,
    ratio: 1.25,
    ahead: false,
  });
  t.like(row("rtt.cpu"), { ratio: 0.25, ahead: true });
});

test("a rate is better where it is more", (t) => {
  t.like(row("flood.rate"), { value: 20_000, unit: "/s", peerValue: 10_000, ratio: 2, ahead: true });
});

test("a bandwidth is that of the payload", (t) => {
  t.like(row("bulk.bandwidth"), { value: 100, unit: "MB/s", peer: null, ratio: null, ahead: null });
});

test("what is as good as Linux to a hundredth, or to a hundredth of a call, is not behind it", (t) => {
  t.like(row("rtt.event-calls"), { ratio: 1, ahead: true });
  t.like(row("flood.event-calls"), { value: 0.04, peerValue: 0.04, ratio: 1.043, ahead: true });
});

test("the table has a line for each load, and names the figures in which Linux is ahead", (t) => {
  const table = toTable(rows);
  t.regex(table, /^\| many echoes +\| +20000 \/s \| +10000 \/s \| +2\.00 \|/m);
  t.regex(table, /^Linux is ahead in: rtt\.time\.$/m);
});

test("no two loads have the same name", (t) => {
  const names = [...netLoads, ...blockLoads].map(({ name }) => name);
  t.is(new Set(names).size, names.length);
});

/** A record as xentrace writes it, with a time stamp or without. */
function record(event: number, words: readonly number[], stamped: boolean): Buffer {
  const header = (event | (words.length << 28) | (stamped ? 1 << 31 : 0)) >>> 0;
  return Buffer.from(Uint32Array.from([header, ...(stamped ? [1, 2] : []), ...words]).buffer);
}

const argument = 1 << 20; // the first argument is in the record, in 32 bits
const switchTo = (domain: number): Buffer => record(0x2800a, [0, 0, domain, 0], true);

test("hypercalls are counted for the domain that runs", (t) => {
  const trace = Buffer.concat([
    record(0x20100d, [29], true), // before anybody is known to run
    switchTo(5),
    record(0x20100d, [29], true),
    record(0x20100d, [32], true),
    record(0x20100d, [24 | argument, 7], false),
    switchTo(0),
    record(0x20100d, [32], true),
  ]);
  t.deepEqual(countHypercalls(trace, 5), { all: 3, eventCalls: 1 });
});

test("of a multicall its entries are counted", (t) => {
  const trace = Buffer.concat([
    switchTo(5),
    record(0x20100d, [13], true),
    record(0x20200e, [1], false),
    record(0x20200e, [3], false),
  ]);
  t.deepEqual(countHypercalls(trace, 5), { all: 2, eventCalls: 0 });
});

test("between the marks that a guest makes, its hypercalls are counted by themselves", (t) => {
  const ask = record(0x20100d, [24 | argument, 4], true);
  const timer = record(0x20100d, [24 | argument, 8], true);
  const call = (operation: number): Buffer => record(0x20100d, [operation], true);
  const calls = (count: number): Buffer => Buffer.concat(Array.from({ length: count }, () => call(29)));
  const mark = Buffer.concat([ask, call(23), ask, ask]);
  const trace = Buffer.concat([
    ...[switchTo(5), ask, calls(2), mark, ask, ask, call(32), timer, mark],
    ...[calls(1), mark, call(32), switchTo(0), call(32), mark, switchTo(5), mark, calls(1)],
  ]);
  t.deepEqual(countBetweenMarks(trace, 5, 1), [
    { all: 4, eventCalls: 1 },
    { all: 1, eventCalls: 1 },
  ]);
});

test("a record that was cut off is left out", (t) => {
  const whole = Buffer.concat([switchTo(5), record(0x20100d, [29], true)]);
  t.is(countHypercalls(whole.subarray(0, whole.length - 1), 5).all, 0);
});
