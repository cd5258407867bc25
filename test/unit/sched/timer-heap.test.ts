/** The timer heap against a plain list, on sequences that nobody chose. */
import test from "ava";
import fc from "fast-check";

import { loadModule } from "../../host/library.ts";

const heap = await loadModule("test/unit/sched/programs/doors/timers.ts", {
  set: { parameters: ["u32", "u64"], result: "bool" },
  clear: { parameters: ["u32"], result: "bool" },
  earliest: { parameters: [], result: "u64" },
  takeDue: { parameters: ["u64"], result: "u32" },
  clearAll: { parameters: [], result: "void" },
});

const never = 2n ** 64n - 1n;
const nobody = 64n;
const number = fc.bigInt({ min: 0n, max: 63n });
/** Close to each other, so that many are equal, or anywhere. */
const time = fc.oneof(fc.bigInt({ min: 0n, max: 40n }), fc.bigInt({ min: 0n, max: never - 1n }));
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("set" as const), number, time }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("clear" as const), number, time }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("expire" as const), number, time }) },
);

test("the heap knows the earliest deadline, and gives out what is due in order", (t) => {
  const property = fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
    heap.clearAll();
    const model = new Map<bigint, bigint>();
    const earliest = (): bigint =>
      [...model.values()].reduce((least, one) => (one < least ? one : least), never);
    for (const { kind, number: who, time: at } of steps) {
      if (kind === "set") {
        t.is(heap.set(who, at), !model.has(who));
        if (!model.has(who)) model.set(who, at);
      } else if (kind === "clear") {
        t.is(heap.clear(who), model.delete(who));
      } else {
        for (let due = heap.takeDue(at); due !== nobody; due = heap.takeDue(at)) {
          t.is(model.get(due), earliest(), "the earliest comes first");
          t.true(model.delete(due));
        }
        t.true(earliest() > at || model.size === 0, "nothing that is due is left");
      }
      t.is(heap.earliest(), earliest());
    }
  });
  fc.assert(property, { numRuns: 500 });
});
