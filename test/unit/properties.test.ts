/** The kernel's pure functions against what Node knows, on values that nobody chose. */
import test from "ava";
import fc from "fast-check";

import { loadModule } from "../host/library.ts";

const lib = await loadModule("test/unit/programs/doors/lib.ts", {
  unsignedText: { parameters: ["u64", "slice"], result: "u64" },
  signedText: { parameters: ["i64", "slice"], result: "u64" },
  hexText: { parameters: ["u64", "u32", "slice"], result: "u64" },
  parse: { parameters: ["slice", "slice"], result: "bool" },
  nanoseconds: { parameters: ["u64", "u32", "i8"], result: "u64" },
  waiting: { parameters: ["u32", "u32", "u32"], result: "i64" },
  words: { parameters: ["slice", "slice"], result: "u64" },
});

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const u32 = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n });

/** What `write` puts into a buffer. */
function written(write: (target: Uint8Array) => bigint): string {
  const target = Buffer.alloc(4096);
  return target.subarray(0, Number(write(target))).toString();
}

test("integers are written as Node writes them", (t) => {
  const unsigned = fc.property(u64, (n) => written((to) => lib.unsignedText(n, to)) === n.toString());
  const signed = fc.property(i64, (n) => written((to) => lib.signedText(n, to)) === n.toString());
  const hexadecimal = fc.property(u64, fc.bigInt({ min: 0n, max: 20n }), (n, least) => {
    const expected = n.toString(16).padStart(Math.min(Number(least), 16), "0");
    return written((to) => lib.hexText(n, least, to)) === expected;
  });
  t.notThrows(() => fc.assert(unsigned, { numRuns: 1000 }));
  t.notThrows(() => fc.assert(signed, { numRuns: 1000 }));
  t.notThrows(() => fc.assert(hexadecimal, { numRuns: 1000 }));
});

test("a number is read back as it was written, and anything else is refused", (t) => {
  const read = (text: string): bigint | undefined => {
    const target = Buffer.alloc(8);
    return lib.parse(Buffer.from(text), target) ? target.readBigUInt64LE() : undefined;
  };
  const decimal = fc.property(u64, (n) => read(n.toString()) === n);
  const hexadecimal = fc.property(u64, (n) => read(`0x${n.toString(16)}`) === n);
  const large = fc.property(u64, (n) => read((n + 2n ** 64n).toString()) === undefined);
  const other = fc.property(fc.string(), (text) => {
    const isNumber = /^(\d+|0x[0-9a-fA-F]+)$/.test(text) && BigInt(text) < 2n ** 64n;
    return (read(text) !== undefined) === isNumber;
  });
  for (const property of [decimal, hexadecimal, large])
    t.notThrows(() => fc.assert(property, { numRuns: 500 }));
  t.notThrows(() => fc.assert(other, { numRuns: 2000 }));
});

test("ticks become nanoseconds exactly", (t) => {
  const shift = fc.bigInt({ min: -31n, max: 8n });
  const ticks = fc.bigInt({ min: 0n, max: 2n ** 55n });
  const property = fc.property(ticks, u32, shift, (n, scale, by) => {
    const shifted = by >= 0n ? n << by : n >> -by;
    return lib.nanoseconds(n, scale, by) === BigInt.asUintN(64, (shifted * scale) >> 32n);
  });
  t.notThrows(() => fc.assert(property, { numRuns: 2000 }));
});

test("no pair of indices makes a ring hold more than its size", (t) => {
  const size = fc.constantFrom(16n, 1024n, 2048n);
  const any = fc.property(u32, u32, size, (produced, consumed, bytes) => {
    const distance = BigInt.asUintN(32, produced - consumed);
    return lib.waiting(produced, consumed, bytes) === (distance <= bytes ? distance : -1n);
  });
  const near = fc.property(u32, fc.bigInt({ min: 0n, max: 3000n }), size, (consumed, distance, bytes) => {
    const produced = BigInt.asUintN(32, consumed + distance);
    return lib.waiting(produced, consumed, bytes) === (distance <= bytes ? distance : -1n);
  });
  t.notThrows(() => fc.assert(any, { numRuns: 500 }));
  t.notThrows(() => fc.assert(near, { numRuns: 2000 }));
});

test("a command line gives back the words that it was made of", (t) => {
  const key = fc.stringMatching(/^[a-z._-]{1,12}$/);
  const value = fc.stringMatching(/^[a-zA-Z0-9 \t=,:/]{0,20}$/);
  const word = fc.record({ key, value: fc.option(value, { nil: undefined }) });
  const blank = fc.stringMatching(/^[ \t]{1,3}$/);
  const property = fc.property(fc.array(fc.tuple(word, blank), { maxLength: 12 }), (parts) => {
    const quoted = (text: string): string => (/[ \t]/.test(text) ? `"${text}"` : text);
    const line = parts
      .map(([{ key, value }, blanks]) => key + (value === undefined ? "" : `=${quoted(value)}`) + blanks)
      .join("");
    const expected = parts
      .map(([{ key, value }]) => `${key}${value === undefined ? "" : `\x01${value}`}\x02`)
      .join("");
    return written((to) => lib.words(Buffer.from(line), to)) === expected;
  });
  t.notThrows(() => fc.assert(property, { numRuns: 2000 }));
});

test("no command line stops the kernel", (t) => {
  const noise = fc.property(fc.uint8Array({ maxLength: 200 }), (line) => {
    lib.words(line, Buffer.alloc(4096));
  });
  t.notThrows(() => fc.assert(noise, { numRuns: 2000 }));
});
