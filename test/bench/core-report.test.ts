import test from "ava";

import { figures, recorded } from "../../tools/bench/core/figures.ts";
import { lastLine, parseFigures, type Measured } from "../../tools/bench/core/lines.ts";
import { amount, toRows, toTable } from "../../tools/bench/core/report.ts";

const console = [
  "xenlet 0.1.0",
  "bench: hypercall.null 698.0 ns",
  "bench: pte.batch8 2000 ns\r",
  "bench: pte.batch8.floor 1600 ns",
  "bench: a figure of five words",
  "bench: brand.new 7 calls",
  "bench: done",
].join("\n");

const measured = {
  core: parseFigures(console),
  boots: new Map([[32, new Map<string, Measured>([["boot.banner", { value: 670_000, unit: "ns" }]])]]),
  image: { stripped: 2 * 110_592, gzip: 40_960, lineTable: 1000 },
};

test("figures are taken from the console, and other lines are not", (t) => {
  t.deepEqual(parseFigures(console).get("hypercall.null"), { value: 698, unit: "ns" });
  t.deepEqual([...measured.core.keys()], ["hypercall.null", "pte.batch8", "pte.batch8.floor", "brand.new"]);
});

test("the last line is found only when it is whole", (t) => {
  t.regex(console, lastLine);
  t.notRegex("bench: donec", lastLine);
});

test("a row is compared with the recorded figure, and with the floor of its own run", (t) => {
  const row = toRows(measured).find(({ name }) => name === "pte.batch8");
  t.like(row, { value: 2000, peer: "Mini-OS (recorded)", peerValue: 1637, ratio: 1.222 });
  t.deepEqual(row?.floor, { name: "pte.batch8.floor", value: 1600, ratio: 1.25 });
});

test("a peer's figure takes the place of the recorded one", (t) => {
  const rows = toRows({ ...measured, peer: new Map([["boot.banner@32", 1_340_000]]) });
  t.like(
    rows.find(({ name }) => name === "boot.banner@32"),
    { peer: "peer", peerValue: 1_340_000, ratio: 0.5 },
  );
});

test("what the kernel does not print is listed as not measured, without a figure", (t) => {
  const row = toRows(measured).find(({ name }) => name === "grant.make-end");
  t.like(row, { value: null, ratio: null });
  t.regex(toTable(toRows(measured)), /^Not measured: .*grant\.make-end/m);
});

test("what nobody has described is shown all the same", (t) => {
  t.like(
    toRows(measured).find(({ name }) => name === "brand.new"),
    { value: 7, unit: "calls" },
  );
});

test("every recorded figure and every floor belongs to a figure that exists", (t) => {
  const names = new Set(toRows({ ...measured, boots: sizesOfRecords() }).map(({ name }) => name));
  t.deepEqual(
    Object.keys(recorded.figures).filter((name) => !names.has(name)),
    [],
  );
  t.deepEqual(
    figures.filter(({ floor }) => floor !== undefined && !names.has(floor)),
    [],
  );
});

function sizesOfRecords(): Map<number, Map<string, Measured>> {
  const sizes = Object.keys(recorded.figures).flatMap((name) => name.split("@").slice(1));
  return new Map(sizes.map((size) => [Number(size), new Map<string, Measured>()]));
}

test("a value is shown in a unit that suits it", (t) => {
  t.is(amount(52, "ns"), "52.0 ns");
  t.is(amount(81_000, "ns"), "81000 ns");
  t.is(amount(870_000, "ns"), "0.87 ms");
  t.is(amount(110_592, "bytes"), "108 KB");
  t.is(amount(7, "calls"), "7");
});
