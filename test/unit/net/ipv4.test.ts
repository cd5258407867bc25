/** What is taken as IPv4, how fragments become whole, and what is said about what is not taken. */
import test from "ava";
import fc from "fast-check";

import {
  arp,
  checksum,
  ethernet,
  everybody,
  fragments,
  icmp,
  ip,
  ipv4,
  joined,
  ourMac,
  parseIpv4Frame,
  udp,
} from "./frames.ts";
import {
  alarmAt,
  at,
  bind,
  dropped,
  exchange,
  fault,
  fetch,
  freeBuffers,
  hoard,
  lastDrop,
  ping,
  receive,
  repliesReceived,
  second,
  send,
  sent,
  start,
  startWithPeer,
  take,
  takeOne,
  tick,
  totalBuffers,
} from "./stack.ts";

const echo = (payload: Buffer): Buffer => icmp(8, 0, 0x12340001, payload);
const pattern = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, at) => (at * 7) & 255));

test("an echo request is answered, byte for byte", (t) => {
  startWithPeer();
  const [reply] = exchange(echo(Buffer.from("abcdefgh")));
  const expected =
    "02000000000200163e0000010800" +
    "4500002400004000400126c80a0000010a000002".replace("26c8", "26d7") +
    "0000";
  t.is(reply?.subarray(0, 36).toString("hex"), expected);
  t.deepEqual(reply && parseIpv4Frame(reply).payload, icmp(0, 0, 0x12340001, Buffer.from("abcdefgh")));
});

test("echo requests of every size class come back whole, in fragments where they must", (t) => {
  startWithPeer();
  for (const size of [0, 1, 2, 8, 55, 56, 1471, 1472, 1473, 2951, 2952, 2953, 9000, 65507]) {
    const request = echo(pattern(size));
    for (const frame of fragments(request, 1480)) receive(frame);
    const frames = take();
    t.is(frames.length, Math.max(1, Math.ceil(request.length / 1480)), `${size}`);
    t.true(frames.every((frame) => frame.length <= 1514));
    t.deepEqual(joined(frames), icmp(0, 0, 0x12340001, pattern(size)), `${size}`);
    t.is(freeBuffers(), totalBuffers());
  }
});

test("a reply leaves its fragments in order, under one identification, and what is whole is not to be cut", (t) => {
  startWithPeer();
  for (const frame of fragments(echo(pattern(4000)), 1480).reverse()) receive(frame);
  const parts = take().map(parseIpv4Frame);
  t.deepEqual(
    parts.map(({ offset, more }) => [offset, more]),
    [
      [0, true],
      [1480, true],
      [2960, false],
    ],
  );
  t.is(new Set(parts.map(({ id }) => id)).size, 1);
  t.true(parts.every(({ dontFragment }) => !dontFragment));
  t.true(parseIpv4Frame(exchange(echo(Buffer.alloc(0)))[0] ?? Buffer.alloc(0)).dontFragment);
});

test("a frame in several pieces is answered as one in a single piece is", (t) => {
  startWithPeer({ mtu: 9000 });
  const request = ethernet(ipv4(echo(pattern(8000))));
  for (const pieceBytes of [42, 64, 999, 4096]) {
    receive(request, 0, pieceBytes);
    t.deepEqual(parseIpv4Frame(takeOne()).payload, icmp(0, 0, 0x12340001, pattern(8000)), `${pieceBytes}`);
  }
});

test("options are skipped, padding behind the packet is cut off", (t) => {
  startWithPeer();
  const options = Buffer.from("0101010100000000", "hex");
  receive(Buffer.concat([ethernet(ipv4(echo(Buffer.from("abc")), { options })), Buffer.alloc(9, 0xee)]));
  t.deepEqual(parseIpv4Frame(takeOne()).payload, icmp(0, 0, 0x12340001, Buffer.from("abc")));
});

test("what is not for this host, or from nobody, is dropped with the reason", (t) => {
  startWithPeer();
  const reason = (fields: Parameters<typeof ipv4>[1], link = {}): string => {
    const before = dropped();
    receive(ethernet(ipv4(echo(Buffer.from("x")), fields), link));
    return dropped() > before ? lastDrop() : "taken";
  };
  t.is(reason({ to: "10.0.0.77" }), "IPv4 for another host");
  t.is(reason({ to: "224.0.0.1" }, { to: "01:00:5e:00:00:01" }), "IPv4 for a group that we are not in");
  t.is(reason({ from: "10.0.0.1" }), "IPv4 from our own address");
  for (const from of ["0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255", "10.0.0.255"]) {
    t.is(reason({ from }), "IPv4 from an address that no host has", from);
  }
  t.is(reason({}, { to: everybody }), "IPv4 for us alone in a frame for all");
  t.is(reason({ to: "10.0.0.255" }, { to: everybody }), "ICMP echo request to all");
  t.is(reason({ to: "255.255.255.255" }, { to: everybody }), "ICMP echo request to all");
  t.deepEqual(take(), []);
  t.is(freeBuffers(), totalBuffers());
});

test("frames for other stations and of other protocols are ignored", (t) => {
  startWithPeer();
  receive(ethernet(ipv4(echo(Buffer.from("x"))), { to: "00:16:3e:00:00:99" }));
  receive(ethernet(ipv4(echo(Buffer.from("x"))), { type: 0x86dd }));
  t.deepEqual(take(), []);
  t.is(freeBuffers(), totalBuffers());
});

test("wrong checksums and cut headers are dropped", (t) => {
  startWithPeer();
  const good = ethernet(ipv4(echo(Buffer.from("x"))));
  const flipped = Buffer.from(good);
  flipped[22] = 63;
  receive(flipped);
  t.is(lastDrop(), "wrong IPv4 header checksum");
  const body = Buffer.from(good);
  body[body.length - 1] = 0;
  receive(body);
  t.is(lastDrop(), "wrong ICMP checksum");
  receive(good.subarray(0, good.length - 1));
  t.is(lastDrop(), "IPv4 packet cut short");
  receive(ethernet(ipv4(Buffer.from("1234567"))));
  t.is(lastDrop(), "ICMP message cut short");
  receive(good.subarray(0, 13));
  t.is(lastDrop(), "frame shorter than an Ethernet header");
  t.deepEqual(take(), []);
});

test("overlapping fragments spoil their datagram, and what still comes of it", (t) => {
  startWithPeer();
  const [first, , third] = fragments(echo(pattern(4000)), 1480);
  const [, second_] = fragments(echo(pattern(4000)), 1480);
  if (!first || !second_ || !third) return t.fail();
  receive(first);
  receive(ethernet(ipv4(pattern(64), { offset: 1472, more: true })));
  t.is(freeBuffers(), totalBuffers(), "nothing of it is kept");
  for (const frame of [first, second_, third]) receive(frame);
  t.deepEqual(take(), []);
  t.is(freeBuffers(), totalBuffers());
  tick(31n * second);
  for (const frame of [first, second_, third]) receive(frame);
  t.is(take().length, 3, "later, the same identification means another datagram");
});

test("a fragment that comes twice does no harm", (t) => {
  startWithPeer();
  const frames = fragments(echo(pattern(4000)), 1480);
  for (const frame of [...frames.slice(0, 2), ...frames]) receive(frame);
  t.deepEqual(joined(take()), icmp(0, 0, 0x12340001, pattern(4000)));
});

test("fragments that contradict each other about the end spoil their datagram", (t) => {
  const part = (offset: number, length: number, more: boolean): Buffer =>
    ethernet(ipv4(pattern(length), { offset, more }));
  const sequences = [
    [part(1480, 100, false), part(1480 * 2, 1480, true)],
    [part(1480, 100, false), part(2960, 100, false)],
    [part(2960, 1480, true), part(1480, 100, false)],
    [part(1480, 96, false), part(1480, 96, true)],
  ];
  for (const frames of sequences) {
    startWithPeer();
    for (const frame of frames) receive(frame);
    t.is(freeBuffers(), totalBuffers());
  }
});

test("fragments whose length no sender makes, or beyond the longest datagram, are dropped", (t) => {
  startWithPeer();
  receive(ethernet(ipv4(pattern(13), { more: true })));
  t.is(lastDrop(), "IPv4 fragment whose length is no multiple of 8");
  receive(ethernet(ipv4(Buffer.alloc(0), { more: true })));
  receive(ethernet(ipv4(pattern(1000), { offset: 65528 })));
  t.is(lastDrop(), "IPv4 fragment beyond the longest datagram");
  t.is(freeBuffers(), totalBuffers());
});

test("fragments wait 30 s for each other; then the sender is told, if the first one came", (t) => {
  startWithPeer();
  const [first, next] = fragments(echo(pattern(3000)), 1480);
  if (!first || !next) return t.fail();
  receive(first);
  t.is(alarmAt(), 30n * second);
  t.is(tick(29n * second), 30n * second);
  t.deepEqual(take(), []);
  tick(30n * second);
  const { payload } = parseIpv4Frame(takeOne());
  t.is(payload.readUInt16BE(0), 11 * 256 + 1);
  t.deepEqual(payload.subarray(8), first.subarray(14, 14 + 548));
  t.is(checksum(payload), 0);
  receive(next);
  tick(61n * second);
  t.deepEqual(take(), [], "without the first fragment nobody is told");
  t.is(freeBuffers(), totalBuffers());
});

test("a flood of first fragments is held in bounded memory", (t) => {
  startWithPeer();
  for (let id = 0; id < 3000; id++) {
    receive(ethernet(ipv4(pattern(1480), { id, more: true })));
    receive(ethernet(ipv4(pattern(1480), { id, offset: 2960, more: true })));
  }
  t.true(freeBuffers() >= totalBuffers() - 8 * 2);
  for (let offset = 0; offset < 60000; offset += 16) {
    receive(ethernet(ipv4(pattern(8), { id: 77, offset, more: true })));
  }
  t.true(freeBuffers() > totalBuffers() / 5, "tiny fragments do not take all");
  for (const frame of fragments(echo(pattern(3000)), 1480, { id: 9 })) receive(frame);
  t.is(take().length, 3, "others still get through");
  tick(40n * second);
  take();
  t.is(freeBuffers(), totalBuffers());
});

test("a protocol that nobody speaks is refused, once the sender is one host and asked for us alone", (t) => {
  startWithPeer();
  const [refusal] = exchange(pattern(600), { protocol: 99 });
  t.truthy(refusal);
  const { payload } = parseIpv4Frame(refusal ?? Buffer.alloc(0));
  t.is(payload.readUInt16BE(0), 3 * 256 + 2);
  t.deepEqual(payload.subarray(8), ipv4(pattern(600), { protocol: 99 }).subarray(0, 548));
  receive(ethernet(ipv4(pattern(60), { protocol: 99, to: "10.0.0.255" }), { to: everybody }));
  t.deepEqual(take(), [], "not for a broadcast");
});

test("no more than 20 errors leave in a row, then 20 a second", (t) => {
  startWithPeer();
  const errors = (count: number): number => {
    for (let one = 0; one < count; one++) receive(ethernet(ipv4(udp(Buffer.from("x")), { protocol: 17 })));
    return take().length;
  };
  t.is(errors(100), 20);
  at(second);
  t.is(errors(100), 20);
  at(second + second / 10n);
  t.is(errors(100), 2);
});

test("errors about errors are not sent, and errors about strangers' packets are dropped", (t) => {
  startWithPeer();
  const strangers = ipv4(udp(Buffer.from("x")), { from: "10.0.0.9", protocol: 17 });
  receive(ethernet(ipv4(icmp(3, 3, 0, strangers))));
  t.is(lastDrop(), "ICMP error about no packet of ours");
  receive(ethernet(ipv4(icmp(3, 3, 0, Buffer.from("short")))));
  receive(ethernet(ipv4(icmp(200, 0, 0, Buffer.from("x")))));
  t.is(lastDrop(), "ICMP of a type that is not served");
  t.deepEqual(take(), []);
});

test("an echo request of ours is answered, and its answer is counted", (t) => {
  startWithPeer();
  const before = repliesReceived();
  for (const size of [0, 56, 1472, 1473, 65507]) {
    t.is(ping("10.0.0.2", 7, size & 0xffff, pattern(size)), sent);
    const frames = take();
    t.is(parseIpv4Frame(frames[0] ?? Buffer.alloc(0)).destination, ip("10.0.0.2"));
    t.deepEqual(joined(frames), icmp(8, 0, 7 * 65536 + (size & 0xffff), pattern(size)));
    for (const frame of fragments(icmp(0, 0, 7 * 65536 + size, pattern(size)), 1480)) receive(frame);
  }
  t.is(repliesReceived(), before + 5);
  t.is(ping("10.0.0.2", 7, 1, pattern(65508)), fault.tooLong);
  t.is(freeBuffers(), totalBuffers());
});

test("what is not on the link goes by the gateway, and without one nowhere", (t) => {
  startWithPeer({ gateway: "10.0.0.2" });
  bind(0, 9);
  t.is(send(0, "192.168.1.1", 7, Buffer.from("x")), sent);
  t.is(parseIpv4Frame(takeOne()).to, "02:00:00:00:00:02");
  for (const to of ["0.0.0.0", "255.255.255.255", "10.0.0.255", "224.0.0.1", "127.0.0.1", "10.0.0.1"]) {
    t.is(send(0, to, 7, Buffer.from("x")), fault.noRoute, to);
  }
  startWithPeer();
  bind(0, 9);
  t.is(send(0, "192.168.1.1", 7, Buffer.from("x")), fault.noRoute);
});

test("without buffers nothing is answered, and nothing breaks", (t) => {
  startWithPeer();
  hoard(2);
  receive(ethernet(ipv4(udp(Buffer.from("x")), { protocol: 17 })));
  const [first] = fragments(echo(pattern(3000)), 1480);
  if (first) receive(first);
  receive(ethernet(ipv4(echo(Buffer.from("still there")))));
  t.true(take().length >= 1);
  startWithPeer();
});

test("fragments in any order, cut anyhow, twice or not, become the datagram that they were", (t) => {
  const property = fc.property(
    fc.integer({ min: 1, max: 6000 }),
    fc.array(fc.integer({ min: 1, max: 180 }), { minLength: 1, maxLength: 40 }),
    fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 60, maxLength: 60 }),
    fc.boolean(),
    (length, cuts, order, twice) => {
      startWithPeer();
      const whole = echo(pattern(length));
      const frames: Buffer[] = [];
      for (let offset = 0, cut = 0; offset < whole.length; cut++) {
        const bytes = frames.length > 50 ? 65528 : 8 * (cuts[cut % cuts.length] ?? 1);
        const part = whole.subarray(offset, Math.min(offset + Math.min(bytes, 1480), whole.length));
        frames.push(ethernet(ipv4(part, { offset, more: offset + part.length < whole.length })));
        offset += part.length;
      }
      const shuffled = frames
        .map((frame, at_) => ({ frame, key: order[at_] ?? at_ }))
        .sort((a, b) => a.key - b.key);
      if (twice && shuffled.length > 2 && shuffled[0]) receive(shuffled[0].frame);
      for (const { frame } of shuffled) receive(frame);
      t.deepEqual(joined(take()), icmp(0, 0, 0x12340001, pattern(length)));
      t.is(freeBuffers(), totalBuffers());
    },
  );
  fc.assert(property, { numRuns: 150 });
});

test("no frame stops the stack, and none keeps a buffer for ever", (t) => {
  const frame = fc.oneof(
    fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
    fc.uint8Array({ maxLength: 80 }).map((bytes) => ethernet(Buffer.from(bytes), { to: ourMac })),
    fc
      .uint8Array({ maxLength: 60 })
      .map((bytes) => ethernet(Buffer.from(bytes), { to: ourMac, type: 0x806 })),
    fc
      .tuple(
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom(1, 17, 6),
        fc.integer({ min: 0, max: 30 }),
        fc.boolean(),
      )
      .map(([bytes, protocol, offset, more]) =>
        ethernet(ipv4(Buffer.from(bytes), { protocol, offset: offset * 8, more })),
      ),
    fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 0, max: 19 })).map(([bytes, type]) => {
      return ethernet(ipv4(icmp(type, 0, 0, Buffer.from(bytes))));
    }),
    fc.constant(arp()),
  );
  const property = fc.property(fc.array(frame, { maxLength: 30 }), (frames) => {
    startWithPeer();
    for (const one of frames) receive(one);
    take();
    tick(100n * second);
    take();
    tick(200n * second);
    take();
    t.is(freeBuffers(), totalBuffers());
  });
  fc.assert(property, { numRuns: 1000 });
});

test("with no address of its own, the host is silent", (t) => {
  start({ address: "0.0.0.0", prefix: 0 });
  receive(arp({ target: "0.0.0.0" }));
  receive(ethernet(ipv4(echo(Buffer.from("x")))));
  t.is(lastDrop(), "IPv4 while the interface has no address");
  t.deepEqual(take(), []);
  t.is(fetch(0), undefined);
});
