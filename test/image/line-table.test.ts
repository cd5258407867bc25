/** The line table: what is encoded is read back, what is damaged is refused, what is inlined keeps its chain. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import test from "ava";
import fc from "fast-check";

import {
  LineTableError,
  readLineTable,
  type LineFrame,
  type LineRange,
} from "../../compiler/build/line-table.ts";
import { encodeLineTable } from "../../compiler/build/line-table-writer.ts";
import { readElf, readFunctionSymbols } from "../../tools/image/elf.ts";
import { linkObject, projectRoot, temporaryDirectory, type BuiltGuest } from "./fixtures/guest.ts";

const BASE = 0xffffffff80000000n;

const frame: fc.Arbitrary<LineFrame> = fc.record({
  function: fc.string({ unit: "grapheme", maxLength: 8 }),
  file: fc.constantFrom("kernel/main.ts", "kernel/arch/x86-xen/traps.ts", ""),
  line: fc.nat(0xffff),
});
const ranges: fc.Arbitrary<LineRange[]> = fc
  .uniqueArray(fc.record({ offset: fc.nat(1 << 20), chain: fc.array(frame, { maxLength: 4 }) }), {
    selector: ({ offset }) => offset,
    maxLength: 50,
  })
  .map((list) =>
    list
      .sort((a, b) => a.offset - b.offset)
      .map(({ offset, chain }) => ({ start: BASE + BigInt(offset), chain })),
  );

test("every address finds the chain of the range that it lies in", (t) => {
  const property = fc.property(ranges, fc.array(fc.nat(1 << 20)), (list, offsets) => {
    const table = readLineTable(encodeLineTable(BASE, list));
    for (const address of [
      ...list.map(({ start }) => start),
      ...offsets.map((offset) => BASE + BigInt(offset)),
    ]) {
      const expected = list.findLast(({ start }) => start <= address)?.chain ?? [];
      if (JSON.stringify(table.lookup(address)) !== JSON.stringify(expected)) return false;
    }
    return table.lookup(BASE - 1n).length === 0;
  });
  t.notThrows(() => fc.assert(property));
});

test("the layout is the documented one", (t) => {
  const chain = (line: number): LineFrame[] => [
    { function: "fog", file: "a.ts", line },
    { function: "foe", file: "a.ts", line: 300 },
  ];
  const bytes = encodeLineTable(BASE, [
    { start: BASE + 16n, chain: chain(2) },
    { start: BASE + 20n, chain: chain(3) },
    { start: BASE + 121n, chain: chain(9) },
    { start: BASE + 122n, chain: [] },
  ]);
  const words = (...values: number[]): string => Buffer.from(Uint32Array.from(values).buffer).toString("hex");
  const header = `584c4c5402002000${"00000080ffffffff"}${words(1, 15, 18, 2)}`;
  const index = words(16, 0);
  const program = [
    "800000", // push foe, at its first line
    "800100", // into it fog, at its first
    "03", // 4 bytes
    "e103", // 3 times 32 bytes more
    "24", // a line on, 5 bytes
    "e00c", // 6 lines on
    "00", // 1 byte
    "c2", // out of both
    "00",
  ];
  const names = ["0004612e747302", "0003666f65ac02", "02016702"]; // a.ts: 2, foe from 300 on, (fo)g from 2 on
  t.is(bytes.toString("hex"), [header, index, ...program, ...names].join(""));
});

test("neighbours with the same chain are one step, and each name is stored once", (t) => {
  const chain = [{ function: "main", file: "kernel/main.ts", line: 1 }];
  const starts = [0n, 4n, 8n].map((offset) => ({ start: BASE + offset, chain }));
  const table = encodeLineTable(BASE, starts);
  t.deepEqual(readLineTable(table).counts, { functions: 1, bytes: 32 + 8 + 3 + 1 + 2 + 14 + 1 + 2 + 4 + 1 });
});

test("a chain of more than 16 activations loses its middle, and a name its end", (t) => {
  const chain = Array.from({ length: 20 }, (_, line) => ({ function: "f".repeat(300), file: "a.ts", line }));
  const found = readLineTable(encodeLineTable(BASE, [{ start: BASE, chain }])).lookup(BASE);
  t.deepEqual(
    found.map(({ line }) => line),
    [...Array.from({ length: 15 }, (_, line) => line), 19],
  );
  t.is(found[0]?.function, "f".repeat(255));
});

test("a table of many functions has an index, and every part of it is found", (t) => {
  const list = Array.from({ length: 5000 }, (_, index) => ({
    start: BASE + BigInt(index * 40),
    chain: [{ function: `f${index % 700}`, file: `kernel/${index % 7}.ts`, line: index % 300 }],
  }));
  const bytes = encodeLineTable(BASE, list);
  t.true(bytes.readUInt32LE(16) > 10);
  const table = readLineTable(bytes);
  t.true(
    list.every(({ start, chain }) => JSON.stringify(table.lookup(start + 39n)) === JSON.stringify(chain)),
  );
});

test("a damaged table is refused, or answers; it never runs away", (t) => {
  const chain = [
    { function: "f", file: "a.ts", line: 2 },
    { function: "g", file: "b.ts", line: 7 },
  ];
  const good = encodeLineTable(BASE, [{ start: BASE, chain }]);
  const property = fc.property(fc.nat(good.length - 1), fc.nat(255), (offset, value) => {
    const bytes = Buffer.from(good);
    bytes[offset] = value;
    try {
      readLineTable(bytes).lookup(BASE);
      return true;
    } catch (error) {
      return error instanceof LineTableError;
    }
  });
  t.notThrows(() => fc.assert(property, { numRuns: 2000 }));
  for (let length = 0; length < good.length; length++) {
    t.throws(() => readLineTable(good.subarray(0, length)), { instanceOf: LineTableError });
  }
});

/** The flags that the compiler's C is built with for the guest. */
const FLAGS = [
  "-c",
  "-O2",
  "-g",
  "-ffreestanding",
  "-fno-omit-frame-pointer",
  "-mgeneral-regs-only",
  "-mno-red-zone",
];
const GUEST_FLAGS = [...FLAGS, "-mcmodel=kernel", "-fno-pic", "-ffunction-sections"];

/** A C program as the compiler would emit it: `#line` says where the TypeScript stands. */
const program = `
#line 3 "${projectRoot}/kernel/inner.ts"
static inline __attribute__((always_inline)) void inner_store(volatile int *p) {
  *p = 42;
}
#line 10 "${projectRoot}/kernel/outer.ts"
__attribute__((noinline)) void outer_run(volatile int *p) {
  inner_store(p);
}
void dropped(void) {}
void xenlet_main(int *info) {
  outer_run(info);
  outer_run(info + 1);
}
void trap_dispatch(void *f) {}
void event_upcall(void *f) {}
void failsafe_dispatch(void *f) {}
`;

async function buildC(compiler: "clang" | "gcc"): Promise<BuiltGuest> {
  const directory = temporaryDirectory();
  const [source, object] = [path.join(directory, "program.c"), path.join(directory, "program.o")];
  writeFileSync(source, program);
  execFileSync(compiler, [...GUEST_FLAGS, source, "-o", object]);
  return linkObject(directory, object, { outer_run: "Outer.run", inner_store: "Inner.store" });
}

for (const compiler of ["clang", "gcc"] as const) {
  test(`${compiler}: an inlined store is shown with the function that it was inlined into`, async (t) => {
    const { bytes } = await buildC(compiler);
    const { elf } = readElf(bytes);
    const section = elf?.sections.find(({ name }) => name === ".line_table");
    const symbol = elf && readFunctionSymbols(elf).find(({ name }) => name === "outer_run");
    const contents = section && elf?.slice(section.offset, section.size);
    if (!contents || !symbol) return t.fail("no line table or no function");
    const table = readLineTable(contents);
    const chains = Array.from({ length: Number(symbol.size) }, (_, i) =>
      table.lookup(symbol.address + BigInt(i)),
    );
    t.true(chains.every((chain) => chain.at(-1)?.function === "Outer.run"));
    t.deepEqual(
      chains.find((chain) => chain.length === 2),
      [
        { function: "Inner.store", file: "kernel/inner.ts", line: 4 },
        { function: "Outer.run", file: "kernel/outer.ts", line: 11 },
      ],
    );
  });
}

test("the symbols around the table enclose it", async (t) => {
  const { elf, linked } = await buildC("clang");
  const listing = execFileSync("nm", [elf], { encoding: "utf8" });
  const address = (symbol: string): bigint =>
    BigInt(`0x${new RegExp(`^(\\w+) \\w ${symbol}$`, "m").exec(listing)?.[1]}`);
  t.is(address("__line_table_end") - address("__line_table_start"), BigInt(linked.lineTable.bytes));
  t.is(address("__line_table_start") % 0x1000n, 0n);
  t.regex(readFileSync(linked.mapFile, "utf8"), /\.line_table/);
});

test("every instruction of a function has a line, and a function without any has its name", async (t) => {
  const directory = temporaryDirectory();
  const [source, object] = [path.join(directory, "program.c"), path.join(directory, "program.o")];
  // Both branches end in the same store: the compiler merges it, and says line 0.
  const merged = `
__attribute__((nodebug, noinline)) void support(volatile int *p) { *p = 1; }
#line 20 "${projectRoot}/kernel/merged.ts"
__attribute__((noinline)) void merged(volatile int *p, int n) {
  if (n > 3) {
    p[1] = 5;
    support(p + n);
  } else {
    p[2] = 6;
    support(p + n);
  }
}
void more(int *info) { merged(info, info[3]); support(info); }
void xenlet_main(int *info) { more(info); }
void trap_dispatch(void *f) {}
void event_upcall(void *f) {}
void failsafe_dispatch(void *f) {}
`;
  writeFileSync(source, merged);
  execFileSync("clang", [...GUEST_FLAGS, source, "-o", object]);
  const { bytes } = await linkObject(directory, object);
  const { elf } = readElf(bytes);
  const section = elf?.sections.find(({ name }) => name === ".line_table");
  const contents = section && elf?.slice(section.offset, section.size);
  if (!elf || !contents) return t.fail("no line table");
  const table = readLineTable(contents);
  const symbols = readFunctionSymbols(elf);
  const chainsOf = (name: string): LineFrame[][] => {
    const symbol = symbols.find((candidate) => candidate.name === name);
    return Array.from({ length: Number(symbol?.size ?? 0) }, (_, i) =>
      table.lookup((symbol?.address ?? 0n) + BigInt(i)),
    );
  };
  t.true(chainsOf("merged").length > 10);
  for (const [frame] of chainsOf("merged")) {
    t.is(frame?.file, "kernel/merged.ts");
    t.true((frame?.line ?? 0) >= 20 && (frame?.line ?? 0) <= 28, `line ${frame?.line}`);
  }
  t.deepEqual(chainsOf("support")[0], [{ function: "support", file: "", line: 0 }]);
});
