/** The ring's two ends against a model, in any order of steps; and against a peer that writes what it likes. */
import test from "ava";
import fc from "fast-check";

import { loadModule } from "../../host/library.ts";

const ring = await loadModule("test/unit/slot-ring/programs/doors/ring.ts", {
  start: { parameters: ["u32"], result: "void" },
  slotCount: { parameters: ["bool"], result: "u32" },
  room: { parameters: ["bool"], result: "u32" },
  put: { parameters: ["bool", "u64"], result: "void" },
  publish: { parameters: ["bool"], result: "bool" },
  look: { parameters: ["bool"], result: "i64" },
  awaitNotice: { parameters: ["bool", "u32"], result: "i64" },
  fault: { parameters: ["u32"], result: "u64" },
  take: { parameters: ["bool"], result: "i64" },
  pretend: { parameters: ["bool", "u32"], result: "void" },
});

const slots = 4n;
const front = true;
const back = false;
const u32 = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n });
/** Where the indices begin: often just before they wrap. */
const origin = fc.oneof(
  fc.bigInt({ min: 0n, max: 8n }).map((n) => 2n ** 32n - 1n - n),
  u32,
);
const step = fc.record({
  end: fc.boolean(),
  kind: fc.constantFrom("put", "publish", "look", "take", "await"),
  after: fc.bigInt({ min: 1n, max: 3n }),
});

/** One direction: what was put in, shown, seen by the other end and taken, and when that one wants to hear of it. */
interface Direction {
  put: bigint;
  shown: bigint;
  seen: bigint;
  taken: bigint;
  notice: bigint;
}

const empty = (): Direction => ({ put: 0n, shown: 0n, seen: 0n, taken: 0n, notice: 1n });

test("a page holds the most slots that are a power of two", (t) => {
  ring.start(0n);
  t.deepEqual([ring.slotCount(front), ring.slotCount(back)], [slots, slots]);
});

test("whatever the two ends do in whatever order, all arrives in order, and who asked for a notice gets it", (t) => {
  const property = fc.property(origin, fc.array(step, { maxLength: 120 }), (start, steps) => {
    ring.start(start);
    const requests = empty();
    const responses = empty();
    for (const { end, kind, after } of steps) {
      const out = end ? requests : responses;
      const into = end ? responses : requests;
      const free = end ? slots - (out.put - into.taken) : into.taken - out.put;
      t.is(ring.room(end), free);
      if (kind === "put" && free > 0n) ring.put(end, out.put++);
      else if (kind === "publish") {
        const wanted = out.shown < out.notice && out.notice <= out.put;
        t.is(ring.publish(end), wanted, "it rings where the other end waits for it");
        out.shown = out.put;
      } else if (kind === "look") {
        into.seen = into.shown;
        t.is(ring.look(end), into.seen - into.taken);
      } else if (kind === "take") {
        t.is(ring.take(end), into.taken < into.seen ? into.taken++ : -1n);
      } else if (kind === "await") {
        into.seen = into.shown;
        t.is(ring.awaitNotice(end, after), into.seen - into.taken);
        if (into.seen === into.taken) into.notice = into.taken + after;
      }
    }
  });
  fc.assert(property, { numRuns: 1000 });
});

test("an index is believed only where an honest peer could have brought it, and the refusal says what was expected", (t) => {
  const near = fc.bigInt({ min: -6n, max: 6n });
  const property = fc.property(
    origin,
    near,
    fc.boolean(),
    fc.option(u32),
    (start, distance, end, anywhere) => {
      const wrap = (index: bigint): bigint => BigInt.asUintN(32, start + index);
      exchange(start);
      const [least, most] = end ? [1n, 3n] : [3n, 1n + slots];
      const got = anywhere ?? wrap(distance);
      const ahead = BigInt.asUintN(32, got - wrap(least));
      ring.pretend(end, got);
      if (ahead <= most - least) {
        t.is(ring.look(end), ahead);
        return;
      }
      t.is(ring.look(end), -1n);
      const said = [0n, 1n, 2n, 3n].map((part) => ring.fault(part));
      const name = Buffer.from(end ? "rsp_prod" : "req_prod").readBigUInt64BE();
      t.deepEqual(said, [name, wrap(least), wrap(most), got]);
      t.is(ring.take(end), -1n, "nothing of what was refused is taken");
      t.is(ring.awaitNotice(end, 1n), -1n);
    },
  );
  fc.assert(property, { numRuns: 2000 });
});

/** Three requests, all taken; one response, taken as well. */
function exchange(start: bigint): void {
  ring.start(start);
  for (const id of [0n, 1n, 2n]) ring.put(front, id);
  ring.publish(front);
  ring.look(back);
  while (ring.take(back) !== -1n);
  ring.put(back, 0n);
  ring.publish(back);
  ring.look(front);
  ring.take(front);
}
