/** Kernel files run under Node, by way of test/host/library.ts. */
import test from "ava";
import { loadModule } from "./library.ts";

const doors = await loadModule("test/host/programs/doors.ts", {
  twice: { parameters: ["u64"], result: "u64" },
  negate: { parameters: ["i8"], result: "i8" },
  sum: { parameters: ["slice"], result: "u32" },
  invert: { parameters: ["slice", "bool"], result: "void" },
  isEven: { parameters: ["u16"], result: "bool" },
  addressOfState: { parameters: [], result: "address" },
  bump: { parameters: ["address"], result: "u32" },
});

test("64-bit integers come and go exactly", (t) => {
  t.is(doors.twice(0x7fff_ffff_ffff_fff1n), 0xffff_ffff_ffff_ffe2n);
  t.is(doors.twice(3n), 6n);
  t.is(doors.negate(-128n + 1n), 127n);
});

test("booleans are booleans", (t) => {
  t.true(doors.isEven(4n));
  t.false(doors.isEven(5n));
});

test("a slice is a Uint8Array, which the kernel code reads and writes", (t) => {
  const bytes = new Uint8Array([1, 2, 255]);
  t.is(doors.sum(bytes), 258n);
  doors.invert(bytes, true);
  t.deepEqual([...bytes], [254, 253, 0]);
  t.is(doors.sum(new Uint8Array(0)), 0n);
});

test("structs are passed by their addresses", (t) => {
  const address = doors.addressOfState();
  t.is(doors.bump(address), 1n);
  t.is(doors.bump(address), 2n);
});

test("an argument that does not fit is refused before the call", (t) => {
  t.throws(() => doors.negate(128n), { instanceOf: RangeError, message: /fits i8, got 128/ });
  t.throws(() => doors.twice(-1n), { instanceOf: RangeError });
});

test("a module that the compiler refuses fails with its diagnostics", async (t) => {
  const file = "test/compiler/reject/types/number.ts";
  await t.throwsAsync(loadModule(file, {}), { message: /XL2001/ });
});
