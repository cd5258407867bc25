/** Files that lie: whatever the bytes are, the check answers with findings. */
import test from "ava";
import fc from "fast-check";

import { checkImage, checkStructure } from "../../tools/image/check.ts";
import { buildGuest } from "./fixtures/guest.ts";
import { Patch } from "./fixtures/patch.ts";

const { bytes: good } = await buildGuest("hello");
const HEADERS = 64 + 5 * 56;

test("any truncation that cuts something off is refused", (t) => {
  const property = fc.property(
    fc.nat(good.length - 1),
    (length) => checkStructure(good.subarray(0, length)).length > 0,
  );
  t.notThrows(() => fc.assert(property, { numRuns: 500 }));
});

test("any few bytes of the headers may be anything", (t) => {
  const flip = fc.tuple(fc.nat(HEADERS - 1), fc.nat(255));
  const property = fc.property(fc.array(flip, { minLength: 1, maxLength: 6 }), (flips) => {
    const image = new Patch(good);
    for (const [offset, value] of flips) image.byte(offset, value);
    return Array.isArray(checkStructure(image.bytes));
  });
  t.notThrows(() => fc.assert(property, { numRuns: 2000 }));
});

test("any bytes of the whole file may be anything", (t) => {
  const flip = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
  const property = fc.property(fc.array(flip, { minLength: 1, maxLength: 64 }), (flips) => {
    const image = new Patch(good);
    for (const [offset, value] of flips) image.byte(offset, value);
    return Array.isArray(checkStructure(image.bytes));
  });
  t.notThrows(() => fc.assert(property, { numRuns: 500 }));
});

test("64-bit fields of the headers may hold any extreme", (t) => {
  const extreme = fc.constantFrom(
    0n,
    1n,
    0x7fffffffffffffffn,
    0x8000000000000000n,
    0xffffffffffffffffn,
    0xfffffffffffff000n,
  );
  const field = fc.constantFrom("p_offset", "p_vaddr", "p_paddr", "p_filesz", "p_memsz");
  const property = fc.property(fc.nat(4), field, extreme, (segment, name, value) =>
    Array.isArray(checkStructure(new Patch(good).segment(segment, name as "p_offset", value).bytes)),
  );
  t.notThrows(() => fc.assert(property, { numRuns: 150 }));
});

test("damaged tables do not stop the instruction check", (t) => {
  const flip = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
  const property = fc.property(fc.array(flip, { minLength: 1, maxLength: 200 }), (flips) => {
    const image = new Patch(good);
    for (const [offset, value] of flips) if (offset >= HEADERS) image.byte(offset, value);
    return Array.isArray(checkImage(image.bytes));
  });
  t.notThrows(() => fc.assert(property, { numRuns: 15 }));
});
