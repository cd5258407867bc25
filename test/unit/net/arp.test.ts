/** Who is believed to be where: ARP on literal frames, and against floods. */
import test from "ava";
import fc from "fast-check";

import { arp, ethernet, icmp, ip, ipv4, ourMac, peerMac } from "./frames.ts";
import {
  alarmAt,
  at,
  bind,
  fault,
  freeBuffers,
  hoard,
  knownNeighbours,
  lastDrop,
  neighbour,
  neighbourState,
  receive,
  second,
  send,
  sent,
  setCarrier,
  start,
  startWithPeer,
  take,
  takeOne,
  tick,
  totalBuffers,
} from "./stack.ts";

const thief = "02:00:00:00:00:66";

test("a request for this host is answered to the one who asked, byte for byte", (t) => {
  start();
  receive(arp());
  const expected =
    "020000000002" +
    "00163e000001" +
    "0806" +
    "0001080006040002" +
    "00163e000001" +
    "0a000001" +
    "020000000002" +
    "0a000002";
  t.is(takeOne().toString("hex"), expected);
  t.is(neighbourState("10.0.0.2"), neighbour.reachable);
});

test("a request for another host is not answered, and teaches nothing", (t) => {
  start();
  receive(arp({ target: "10.0.0.77" }));
  t.deepEqual(take(), []);
  t.is(neighbourState("10.0.0.2"), neighbour.unknown);
});

test("an address probe from 0.0.0.0 is answered, and teaches nothing", (t) => {
  start();
  receive(arp({ sender: "0.0.0.0" }));
  t.is(take().length, 1);
  t.is(knownNeighbours(), 0);
});

test("replies that nobody asked for are not believed", (t) => {
  startWithPeer();
  receive(arp({ operation: 2, sender: "10.0.0.3", senderMac: thief }));
  receive(arp({ operation: 2, sender: "10.0.0.2", senderMac: thief }));
  t.is(neighbourState("10.0.0.3"), neighbour.unknown);
  t.is(neighbourState("10.0.0.2"), neighbour.reachable);
  receive(ethernet(ipv4(icmp(8, 0, 1, Buffer.from("a")))));
  t.is(takeOne().subarray(0, 6).toString("hex"), peerMac.replaceAll(":", ""));
});

test("frames wait for the answer, in order, and leave with it", (t) => {
  start();
  bind(0, 9);
  t.is(send(0, "10.0.0.2", 7, Buffer.from("first")), sent);
  t.is(send(0, "10.0.0.2", 7, Buffer.from("second")), sent);
  const question = takeOne();
  t.is(
    question.toString("hex"),
    `ffffffffffff00163e00000108060001080006040001` + `00163e0000010a0000010000000000000a000002`,
  );
  t.is(alarmAt(), second, "one asks again in a second");
  receive(arp({ operation: 2 }));
  const frames = take();
  t.deepEqual(
    frames.map((frame) => frame.subarray(42).toString()),
    ["first", "second"],
  );
  t.true(frames.every((frame) => frame.subarray(0, 6).toString("hex") === "020000000002"));
});

test("who does not answer is asked three times, and then is unreachable for a while", (t) => {
  start();
  bind(0, 9);
  send(0, "10.0.0.9", 7, Buffer.from("x"));
  t.is(take().length, 1);
  t.is(tick(second), 2n * second);
  t.is(take().length, 1);
  tick(2n * second);
  t.is(take().length, 1);
  tick(3n * second);
  t.deepEqual(take(), []);
  t.is(neighbourState("10.0.0.9"), neighbour.failed);
  t.is(freeBuffers(), totalBuffers());
  at(4n * second);
  t.is(send(0, "10.0.0.9", 7, Buffer.from("x")), fault.unreachable);
  at(6n * second);
  t.is(send(0, "10.0.0.9", 7, Buffer.from("x")), sent);
  t.is(take().length, 1, "it is asked again");
});

test("an old entry is asked again alone while frames go on, and all are asked when it has moved", (t) => {
  startWithPeer();
  bind(0, 9);
  at(61n * second);
  send(0, "10.0.0.2", 7, Buffer.from("x"));
  const [question, frame] = take();
  t.is(question?.subarray(0, 6).toString("hex"), "020000000002", "to the old station only");
  t.is(frame?.readUInt16BE(12), 0x800, "the frame goes on");
  receive(arp({ operation: 2, senderMac: thief }));
  t.is(neighbourState("10.0.0.2"), neighbour.probing, "a stranger's answer to that question is not believed");
  tick(62n * second);
  t.is(takeOne().subarray(0, 6).toString("hex"), "ffffffffffff");
  receive(arp({ operation: 2, senderMac: "02:00:00:00:00:03" }));
  t.is(neighbourState("10.0.0.2"), neighbour.reachable);
  send(0, "10.0.0.2", 7, Buffer.from("x"));
  t.is(takeOne().subarray(0, 6).toString("hex"), "020000000003");
});

test("an announcement of another station has the known one asked, and it keeps its place", (t) => {
  startWithPeer();
  receive(arp({ sender: "10.0.0.2", target: "10.0.0.2", senderMac: thief }));
  t.is(takeOne().subarray(0, 6).toString("hex"), "020000000002");
  receive(arp({ operation: 2 }));
  t.is(neighbourState("10.0.0.2"), neighbour.reachable);
  bind(0, 9);
  send(0, "10.0.0.2", 7, Buffer.from("x"));
  t.is(takeOne().subarray(0, 6).toString("hex"), "020000000002");
});

test("a request under a known address from another station has the known one asked first", (t) => {
  startWithPeer();
  receive(arp({ senderMac: thief }));
  const [question, answer] = take();
  t.is(question?.subarray(0, 6).toString("hex"), "020000000002");
  t.is(answer?.subarray(0, 6).toString("hex"), "020000000066", "the one who asks has its answer");
  t.is(neighbourState("10.0.0.2"), neighbour.probing);
});

test("who claims our address is not a neighbour", (t) => {
  start();
  receive(arp({ sender: "10.0.0.1", senderMac: thief, target: "10.0.0.1" }));
  t.is(knownNeighbours(), 0);
});

test("malformed packets are dropped with the reason", (t) => {
  start();
  const good = arp();
  const bad = (change: (bytes: Buffer) => void): string => {
    const frame = Buffer.from(good);
    change(frame);
    receive(frame);
    return lastDrop();
  };
  t.is(
    bad((frame) => frame.writeUInt16BE(6, 14)),
    "ARP not for IPv4 over Ethernet",
  );
  t.is(
    bad((frame) => frame.writeUInt8(8, 18)),
    "ARP not for IPv4 over Ethernet",
  );
  t.is(
    bad((frame) => frame.writeUInt16BE(3, 20)),
    "unknown ARP operation",
  );
  t.is(
    bad((frame) => frame.fill(0xff, 22, 28)),
    "ARP sender that is no station",
  );
  receive(good.subarray(0, 41));
  t.is(lastDrop(), "ARP packet cut short");
  t.deepEqual(take(), []);
  t.is(freeBuffers(), totalBuffers());
});

test("a flood of askers fills no more than the cache", (t) => {
  startWithPeer();
  for (let host = 0; host < 2000; host++) {
    receive(
      arp({
        sender: `10.0.0.${host % 256}`,
        senderMac: `02:01:00:00:00:${(host % 256).toString(16).padStart(2, "0")}`,
      }),
    );
    take();
  }
  t.true(knownNeighbours() <= 64);
  t.is(freeBuffers(), totalBuffers());
});

test("what waits for a neighbour is bounded, and is given back with the device", (t) => {
  start();
  bind(0, 9);
  const results = Array.from({ length: 100 }, () => send(0, "10.0.0.9", 7, Buffer.from("x")));
  t.true(results.includes(fault.noBuffers));
  take();
  t.true(freeBuffers() >= totalBuffers() - 50);
  start();
  t.is(freeBuffers(), totalBuffers());
});

test("with no buffers left, nothing is asked and nothing breaks", (t) => {
  start();
  hoard(0);
  bind(0, 9);
  t.is(send(0, "10.0.0.9", 7, Buffer.from("x")), fault.noBuffers);
  t.deepEqual(take(), []);
});

test("carrier announces the address, and once more when bridges have had time to open", (t) => {
  start();
  setCarrier(false);
  t.deepEqual(take(), []);
  setCarrier(true);
  const announcement = takeOne();
  t.is(announcement.readUInt32BE(28), ip("10.0.0.1"));
  t.is(announcement.readUInt32BE(38), ip("10.0.0.1"));
  t.is(announcement.subarray(6, 12).toString("hex"), ourMac.replaceAll(":", ""));
  t.is(alarmAt(), 2n * second);
  tick(second);
  t.deepEqual(take(), []);
  tick(2n * second);
  t.deepEqual(takeOne(), announcement);
  tick(4n * second);
  t.deepEqual(take(), []);
});

test("no carrier, no announcement", (t) => {
  start();
  setCarrier(true);
  take();
  setCarrier(false);
  tick(2n * second);
  t.deepEqual(take(), []);
});

test("no sequence of ARP packets makes a stranger's station known that was neither asked nor has asked", (t) => {
  const host = fc.integer({ min: 1, max: 6 });
  const packet = fc.record({ sender: host, station: host, target: host, operation: fc.constantFrom(1, 2) });
  const property = fc.property(fc.array(packet, { maxLength: 60 }), (packets) => {
    start();
    for (const { sender, station, target, operation } of packets) {
      receive(
        arp({
          sender: `10.0.0.${sender}`,
          senderMac: `02:00:00:00:00:0${station}`,
          target: `10.0.0.${target}`,
          operation,
        }),
      );
    }
    take();
    for (let number = 1; number <= 6; number++) {
      const asked = packets.some(
        ({ sender, target, operation }) => sender === number && target === 1 && operation === 1,
      );
      const isKnown = neighbourState(`10.0.0.${number}`) !== neighbour.unknown;
      t.is(isKnown, asked && number !== 1);
    }
    t.is(freeBuffers(), totalBuffers());
  });
  fc.assert(property, { numRuns: 300 });
});
