/** The rings of a network device against back ends that are honest, and those that are not. */
import test from "ava";
import fc from "fast-check";

import { loadModule } from "../../host/library.ts";
import { checksum } from "../net/frames.ts";

const driver = await loadModule("test/unit/netfront/programs/doors/rings.ts", {
  open: { parameters: ["bool", "u32", "bool"], result: "void" },
  close: { parameters: [], result: "void" },
  discard: { parameters: [], result: "void" },
  collect: { parameters: [], result: "bool" },
  publish: { parameters: [], result: "bool" },
  respond: { parameters: ["u32", "u32", "u32", "u32", "u32"], result: "void" },
  produceReceived: { parameters: ["u32"], result: "void" },
  requestedPages: { parameters: [], result: "u32" },
  answer: { parameters: ["u32", "u32", "u32"], result: "void" },
  produceSent: { parameters: ["u32"], result: "void" },
  requestedFrames: { parameters: [], result: "u32" },
  requestField: { parameters: ["u32", "u32"], result: "u32" },
  send: { parameters: ["u32", "u32", "u32", "bool"], result: "bool" },
  markOf: { parameters: ["u32"], result: "u32" },
  byteOf: { parameters: ["u32", "u32"], result: "u32" },
  keep: { parameters: ["bool"], result: "void" },
  hoard: { parameters: ["u64"], result: "void" },
  pagesThere: { parameters: [], result: "u32" },
  lacks: { parameters: [], result: "u64" },
  hold: { parameters: ["bool"], result: "void" },
  refuse: { parameters: ["bool"], result: "void" },
  receivedFrames: { parameters: [], result: "u64" },
  lastLength: { parameters: [], result: "u64" },
  lastPieces: { parameters: [], result: "u64" },
  lastChecksum: { parameters: [], result: "u32" },
  droppedFrames: { parameters: [], result: "u64" },
  waitingFrames: { parameters: [], result: "u64" },
  accountedBuffers: { parameters: [], result: "u64" },
  totalBuffers: { parameters: [], result: "u64" },
  freeBuffers: { parameters: [], result: "u64" },
});

const moreData = 4n;
const extraInfo = 8n;
const offset = 4n;
const flags = 6n;
const id = 8n;
const size = 10n;
const status = (value: number): bigint => BigInt(value & 0xffff);

function open(canScatter = true, wanted = 16n): void {
  driver.close();
  driver.discard();
  driver.open(canScatter, wanted, true);
  driver.publish();
}

driver.open(true, 4n, true);

test.serial("the back end gets pages, and gets new ones for those that it filled", (t) => {
  open();
  t.is(driver.requestedPages(), 16n);
  const before = driver.receivedFrames();
  driver.respond(0n, 0n, 0n, 0n, 60n);
  driver.respond(1n, 1n, 100n, 0n, 1514n);
  driver.produceReceived(2n);
  t.true(driver.collect());
  t.is(driver.receivedFrames(), before + 2n);
  t.is(driver.lastLength(), 1514n);
  driver.publish();
  t.is(driver.requestedPages(), 18n);
});

test.serial("slots with more data become one frame, also when they come one by one", (t) => {
  open();
  const before = driver.receivedFrames();
  driver.respond(0n, 0n, 0n, moreData | 2n, 4096n);
  driver.produceReceived(1n);
  t.true(driver.collect());
  t.is(driver.receivedFrames(), before);
  driver.respond(1n, 1n, 0n, moreData, 4096n);
  driver.respond(2n, 2n, 8n, 0n, 808n);
  driver.produceReceived(3n);
  t.true(driver.collect());
  t.is(driver.receivedFrames(), before + 1n);
  t.deepEqual([driver.lastLength(), driver.lastPieces(), driver.lastChecksum()], [9000n, 3n, 2n]);
});

test.serial("extra infos are no part of the frame, and a type that does not exist is refused", (t) => {
  open();
  driver.respond(0n, 0n, 0n, moreData | extraInfo, 1000n);
  driver.respond(1n, 1n | (1n << 8n), 0n, 0n, 0n);
  driver.respond(2n, 4n, 0n, 0n, 0n);
  driver.respond(3n, 3n, 0n, 0n, 500n);
  driver.produceReceived(4n);
  t.true(driver.collect());
  t.deepEqual([driver.lastLength(), driver.lastPieces()], [1500n, 2n]);
  for (const type of [0n, 5n, 255n]) {
    open();
    driver.respond(0n, 0n, 0n, extraInfo, 1000n);
    driver.respond(1n, type, 0n, 0n, 0n);
    driver.produceReceived(2n);
    t.false(driver.collect());
  }
});

test.serial("a frame of which a slot failed is dropped whole", (t) => {
  open();
  const before = driver.receivedFrames();
  driver.respond(0n, 0n, 0n, moreData, 4096n);
  driver.respond(1n, 1n, 0n, 0n, status(-1));
  driver.respond(2n, 2n, 0n, 0n, status(0));
  driver.produceReceived(3n);
  t.true(driver.collect());
  t.is(driver.receivedFrames(), before);
  t.is(driver.accountedBuffers(), driver.totalBuffers());
});

test.serial("what no honest back end does ends the connection, and costs no buffer", (t) => {
  const lies: readonly (() => void)[] = [
    () => driver.produceReceived(17n),
    () => driver.produceReceived(0xffffffffn),
    () => {
      driver.respond(0n, 1n, 0n, 0n, 60n);
      driver.produceReceived(1n);
    },
    () => {
      driver.respond(0n, 0n, 4000n, 0n, 97n);
      driver.produceReceived(1n);
    },
    () => {
      driver.respond(0n, 0n, 65535n, 0n, 32767n);
      driver.produceReceived(1n);
    },
    () => driver.produceSent(2n),
    () => {
      driver.answer(0n, 256n, 0n);
      driver.produceSent(1n);
    },
    () => {
      driver.answer(0n, 5n, 0n);
      driver.produceSent(1n);
    },
  ];
  for (const lie of lies) {
    open();
    driver.send(1n, 1n, 60n, false);
    driver.publish();
    lie();
    t.false(driver.collect());
    driver.close();
    driver.discard();
    t.is(driver.freeBuffers(), driver.totalBuffers());
    driver.open(true, 4n, true);
  }
});

test.serial("more slots than a frame may have are refused", (t) => {
  open(true, 32n);
  for (let slot = 0n; slot < 19n; slot++) driver.respond(slot, slot, 0n, moreData, 100n);
  driver.produceReceived(18n);
  t.true(driver.collect());
  driver.produceReceived(19n);
  t.false(driver.collect());
});

test.serial("a frame in pieces is sent as io/netif.h wants it", (t) => {
  open();
  driver.send(7n, 3n, 1000n, true);
  t.true(driver.publish());
  t.is(driver.requestedFrames(), 3n);
  const fields = [0n, 1n, 2n].map((slot) => [
    driver.requestField(slot, size),
    driver.requestField(slot, flags),
  ]);
  t.deepEqual(fields, [
    [3000n, moreData | 3n],
    [1000n, moreData],
    [1000n, 0n],
  ]);
  t.is(driver.requestField(0n, offset), 0n);
});

test.serial("answers in any order give the frames back", (t) => {
  open();
  const free = driver.freeBuffers();
  driver.send(1n, 2n, 100n, false);
  driver.send(2n, 1n, 100n, false);
  driver.publish();
  const ids = [0n, 1n, 2n].map((slot) => driver.requestField(slot, id));
  for (const [slot, which] of [2, 1, 0].entries()) driver.answer(BigInt(slot), ids[which] ?? 0n, 0n);
  driver.produceSent(1n);
  t.true(driver.collect());
  t.is(driver.freeBuffers(), free - 3n);
  driver.produceSent(3n);
  t.true(driver.collect());
  t.is(driver.freeBuffers(), free);
});

test.serial(
  "a back end that takes one slot a frame gets frames of several pieces in one, up to a page",
  (t) => {
    open(false);
    const [free, dropped] = [driver.freeBuffers(), driver.droppedFrames()];
    driver.send(7n, 3n, 1000n, false);
    driver.send(2n, 2n, 2049n, false);
    driver.publish();
    t.is(driver.requestedFrames(), 1n);
    t.deepEqual([driver.requestField(0n, size), driver.requestField(0n, flags)], [3000n, 0n]);
    t.is(driver.markOf(0n), 7n);
    t.is(driver.freeBuffers(), free - 1n, "the other pieces are free again");
    t.is(driver.droppedFrames(), dropped + 1n, "what is longer than a page is dropped");
  },
);

test.serial("what waits takes the form that the next back end wants", (t) => {
  open(true, 16n);
  driver.send(0x45n, 2n, 1000n, true);
  driver.send(0x46n, 1n, 64n, true);
  driver.publish();
  t.deepEqual(
    [0n, 1n, 2n].map((slot) => driver.requestField(slot, flags)),
    [moreData | 3n, 0n, 3n],
  );
  driver.close();
  driver.open(false, 16n, false);
  driver.publish();
  t.is(driver.requestedFrames(), 2n);
  for (const slot of [0n, 1n]) {
    t.is(driver.requestField(slot, flags), 0n, "no checksum is blank");
    const bytes = Array.from({ length: Number(driver.requestField(slot, size)) }, (_, at) =>
      Number(driver.byteOf(slot, driver.requestField(slot, offset) + BigInt(at))),
    );
    t.is(checksum(Buffer.from(bytes)), 0);
  }
});

test.serial("a ring that has no pages gets some when buffers come back, and never waits for senders", (t) => {
  open(true, 32n);
  driver.keep(true);
  driver.hoard(10n);
  for (let slot = 0n; slot < 32n; slot++) driver.respond(slot, slot, 0n, 0n, 60n);
  driver.produceReceived(32n);
  t.true(driver.collect());
  t.is(driver.pagesThere(), 6n, "four buffers are left to others");
  t.is(driver.lacks(), 5n);
  driver.keep(false);
  t.true(driver.collect());
  t.is(driver.pagesThere(), 18n, "as many as leave enough to those who send");
  t.is(driver.lacks(), 32n);
  driver.hoard(200n);
  t.true(driver.collect());
  t.is(driver.pagesThere(), 32n);
  t.is(driver.lacks(), 0n);
});

test.serial(
  "what a back end has not answered is given to the next one, in order and before all else",
  (t) => {
    open();
    for (const mark of [1n, 2n, 3n]) driver.send(mark, 1n, 100n, false);
    driver.publish();
    driver.answer(0n, driver.requestField(0n, id), 0n);
    driver.produceSent(1n);
    t.true(driver.collect());
    driver.close();
    driver.send(4n, 1n, 100n, false);
    driver.open(true, 16n, true);
    driver.publish();
    t.is(driver.requestedFrames(), 3n);
    t.deepEqual(
      [0n, 1n, 2n].map((slot) => driver.markOf(slot)),
      [2n, 3n, 4n],
    );
  },
);

test.serial("no back end gets the driver to lose a buffer or to use one that is not its own", (t) => {
  const step = fc.oneof(
    fc.tuple(fc.constant("send"), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 4096 })),
    fc.tuple(fc.constant("answer"), fc.integer({ min: 0, max: 12 }), fc.constantFrom(0, 0, 0, -1, 1)),
    fc.tuple(fc.constant("produceSent"), fc.integer({ min: 0, max: 4 }), fc.constant(0)),
    fc.tuple(fc.constant("respond"), fc.constantFrom(0, 4, 8, 12, 2), fc.constantFrom(60, 4096, 0, -1, 5000)),
    fc.tuple(fc.constant("produceReceived"), fc.integer({ min: 0, max: 4 }), fc.constant(0)),
    fc.tuple(fc.constant("collect"), fc.constant(0), fc.constant(0)),
    fc.tuple(fc.constant("restart"), fc.constant(0), fc.constant(0)),
  );
  const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    open();
    let [sent, received, responses] = [0n, 0n, 0n];
    for (const [kind, a, b] of steps) {
      if (kind === "send") driver.send(1n, BigInt(a), BigInt(b), false);
      else if (kind === "answer") driver.answer(sent, BigInt(a), status(b));
      else if (kind === "produceSent") driver.produceSent((sent += BigInt(a)));
      else if (kind === "respond") {
        driver.respond(responses, responses & 255n, 0n, BigInt(a), status(b));
        responses++;
      } else if (kind === "produceReceived") driver.produceReceived((received += BigInt(a)));
      else if (kind === "collect") {
        driver.collect();
        driver.publish();
      } else {
        driver.close();
        driver.open(true, 16n, true);
        [sent, received, responses] = [0n, 0n, 0n];
      }
      if (driver.accountedBuffers() !== driver.totalBuffers()) return false;
    }
    driver.close();
    driver.discard();
    const isWhole = driver.freeBuffers() === driver.totalBuffers();
    driver.open(true, 4n, true);
    return isWhole;
  });
  t.notThrows(() => fc.assert(property, { numRuns: 1000 }));
});

test.serial("a page that a back end holds on to is used by nobody again", (t) => {
  open(true, 8n);
  driver.hold(true);
  driver.respond(0n, 0n, 0n, 0n, 60n);
  driver.produceReceived(1n);
  t.false(driver.collect());
  t.is(driver.accountedBuffers(), driver.totalBuffers());
  driver.hold(false);
});
