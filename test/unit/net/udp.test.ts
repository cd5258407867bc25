/** UDP: ports, checksums with and without help of the device, and datagrams of every size. */
import test from "ava";
import fc from "fast-check";

import {
  arp,
  ethernet,
  fragments,
  icmp,
  ip,
  ipv4,
  isUdpRight,
  joined,
  parseIpv4Frame,
  udp,
} from "./frames.ts";
import {
  awaitBuffers,
  bind,
  dropped,
  echo,
  failures,
  fault,
  fetch,
  freeBuffers,
  hasRoom,
  hoard,
  known,
  lastDrop,
  offload,
  portNumber,
  receive,
  release,
  send,
  sent,
  start,
  startWithPeer,
  take,
  takeOne,
  told,
  totalBuffers,
  unhoard,
} from "./stack.ts";

const pattern = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, at) => (at * 31) & 255));
const arrive = (payload: Buffer, fields: Parameters<typeof udp>[1] = {}): void =>
  receive(ethernet(ipv4(udp(payload, fields), { protocol: 17 })));

test("a datagram goes to whoever has its port, with where it comes from", (t) => {
  startWithPeer();
  t.true(bind(0, 7));
  arrive(Buffer.from("hello"));
  arrive(Buffer.from("again"), { fromPort: 5001 });
  t.deepEqual(fetch(0), { address: ip("10.0.0.2"), port: 5000, bytes: Buffer.from("hello") });
  t.deepEqual(fetch(0), { address: ip("10.0.0.2"), port: 5001, bytes: Buffer.from("again") });
  t.is(fetch(0), undefined);
});

test("a port that nobody has is refused to the sender", (t) => {
  startWithPeer();
  arrive(Buffer.from("hello"));
  const { payload, protocol } = parseIpv4Frame(takeOne());
  t.is(protocol, 1);
  t.is(payload.readUInt16BE(0), 3 * 256 + 3);
  t.deepEqual(payload.subarray(8), ipv4(udp(Buffer.from("hello")), { protocol: 17 }));
});

test("a port belongs to one at a time; any means a dynamic one that is free", (t) => {
  startWithPeer();
  t.true(bind(0, 7));
  t.false(bind(1, 7));
  t.true(bind(1, 0));
  t.true(bind(2, 0));
  t.true(portNumber(1) >= 49152);
  t.not(portNumber(1), portNumber(2));
  release(0);
  t.true(bind(3, 7));
});

test("a wrong checksum is dropped, none at all is taken, and one that the device vouches for is not looked at", (t) => {
  startWithPeer();
  bind(0, 7);
  arrive(Buffer.from("hello"), { checksum: 0x1234 });
  t.is(lastDrop(), "wrong UDP checksum");
  arrive(Buffer.from("none"), { checksum: 0 });
  t.is(fetch(0)?.bytes.toString(), "none");
  receive(ethernet(ipv4(udp(Buffer.from("blank"), { checksum: 0x1234 }), { protocol: 17 })), known.blank);
  t.is(fetch(0)?.bytes.toString(), "blank");
  receive(ethernet(ipv4(udp(Buffer.from("seen"), { checksum: 0x1234 }), { protocol: 17 })), known.verified);
  t.is(fetch(0)?.bytes.toString(), "seen");
});

test("of fragments, the checksum is verified whatever the device says", (t) => {
  startWithPeer();
  bind(0, 7);
  const datagram = udp(pattern(3000), { checksum: 0x1234 });
  for (const frame of fragments(datagram, 1480, { protocol: 17 })) receive(frame, known.blank);
  t.is(lastDrop(), "wrong UDP checksum");
  t.is(fetch(0), undefined);
});

test("a length below the header's, beyond the packet, or a port 0 is dropped", (t) => {
  startWithPeer();
  bind(0, 7);
  arrive(Buffer.from("hello"), { length: 7 });
  t.is(lastDrop(), "UDP length below its header's");
  arrive(Buffer.from("hello"), { length: 14 });
  t.is(lastDrop(), "UDP datagram cut short");
  arrive(Buffer.from("hello"), { toPort: 0 });
  t.is(lastDrop(), "UDP to port 0");
  receive(ethernet(ipv4(Buffer.from("1234567"), { protocol: 17 })));
  t.is(lastDrop(), "packet shorter than a UDP header");
  t.deepEqual(take(), []);
});

test("bytes behind the datagram inside its packet are cut off", (t) => {
  startWithPeer();
  bind(0, 7);
  receive(ethernet(ipv4(Buffer.concat([udp(Buffer.from("hello")), Buffer.from("junk")]), { protocol: 17 })));
  t.is(fetch(0)?.bytes.toString(), "hello");
});

test("what is sent has the right checksum, or leaves the rest of it to the device", (t) => {
  startWithPeer();
  bind(0, 9);
  for (const size of [0, 1, 2, 17, 1471, 1472]) {
    t.is(send(0, "10.0.0.2", 7, pattern(size)), sent);
    const { payload } = parseIpv4Frame(takeOne());
    t.true(isUdpRight(payload, "10.0.0.1", "10.0.0.2"), `${size}`);
    t.deepEqual(payload.subarray(8), pattern(size));
  }
  startWithPeer({ features: offload });
  bind(0, 9);
  send(0, "10.0.0.2", 7, pattern(100));
  const { payload } = parseIpv4Frame(takeOne());
  const pseudo = 0x0a00 + 0x0001 + 0x0a00 + 0x0002 + 17 + 108;
  t.is(payload.readUInt16BE(6), pseudo, "the pseudo-header's sum stands in the field");
});

test("datagrams up to 65507 bytes are sent in fragments with a whole checksum, with and without offload", (t) => {
  for (const features of [0, offload]) {
    startWithPeer({ features });
    bind(0, 9);
    for (const size of [1473, 2952, 2953, 9999, 65507]) {
      t.is(send(0, "10.0.0.2", 7, pattern(size)), sent);
      const datagram = joined(take());
      t.true(isUdpRight(datagram, "10.0.0.1", "10.0.0.2"));
      t.deepEqual(datagram.subarray(8), pattern(size));
    }
    t.is(send(0, "10.0.0.2", 7, pattern(65508)), fault.tooLong);
    t.is(freeBuffers(), totalBuffers());
  }
});

test("a larger MTU makes frames of several pieces", (t) => {
  startWithPeer({ mtu: 9000 });
  bind(0, 9);
  send(0, "10.0.0.2", 7, pattern(8972));
  const frame = takeOne();
  t.is(frame.length, 9014);
  t.true(isUdpRight(parseIpv4Frame(frame).payload, "10.0.0.1", "10.0.0.2"));
  send(0, "10.0.0.2", 7, pattern(8973));
  t.is(take().length, 2);
});

test("a datagram is sent back in the buffers in which it came", (t) => {
  startWithPeer();
  bind(0, 7);
  for (const size of [0, 5, 1472, 1473, 40001, 65507]) {
    for (const frame of fragments(udp(pattern(size)), 1480, { protocol: 17 })) receive(frame);
    const before = freeBuffers();
    t.true(echo(0));
    t.is(freeBuffers(), before, "no buffer was taken");
    const datagram = joined(take());
    t.deepEqual([datagram.readUInt16BE(0), datagram.readUInt16BE(2)], [7, 5000]);
    t.true(isUdpRight(datagram, "10.0.0.1", "10.0.0.2"), `${size}`);
    t.deepEqual(datagram.subarray(8), pattern(size));
    t.is(freeBuffers(), totalBuffers());
  }
});

test("what nobody fetches is held in bounded memory", (t) => {
  startWithPeer();
  bind(0, 7);
  for (let one = 0; one < 1000; one++) arrive(Buffer.from(`${one}`));
  t.true(freeBuffers() >= totalBuffers() - 32);
  t.is(fetch(0)?.bytes.toString(), "0", "the oldest are kept");
  release(0);
  t.is(freeBuffers(), totalBuffers());
});

test("an ICMP error about a datagram of ours reaches its port, and no other", (t) => {
  startWithPeer();
  bind(0, 9);
  bind(1, 10);
  send(0, "10.0.0.2", 7, Buffer.from("hello"));
  const quoted = takeOne().subarray(14);
  const before = [failures(0), failures(1)] as const;
  receive(ethernet(ipv4(icmp(3, 3, 0, quoted.subarray(0, 28)))));
  t.deepEqual([failures(0), failures(1)], [before[0] + 1, before[1]]);
  receive(ethernet(ipv4(icmp(3, 3, 0, quoted.subarray(0, 27)))));
  t.is(failures(0), before[0] + 1, "too little is quoted to say whose it was");
});

test("any datagram sent is the one that arrives", (t) => {
  const property = fc.property(
    fc.integer({ min: 0, max: 65507 }),
    fc.constantFrom(576, 1500, 4000, 9000, 65535),
    fc.constantFrom(0, offload),
    (size, mtu, features) => {
      startWithPeer({ mtu, features });
      bind(0, 9);
      t.is(send(0, "10.0.0.2", 7, pattern(size)), sent);
      const datagram = joined(take());
      t.deepEqual(datagram.subarray(8), pattern(size));
      const before = dropped();
      const again = udp(datagram.subarray(8), { fromPort: 7, toPort: 9 });
      for (const frame of fragments(again, (mtu - 20) & ~7, { protocol: 17 })) receive(frame);
      t.is(dropped(), before);
      t.true(fetch(0)?.bytes.equals(pattern(size)));
      t.is(freeBuffers(), totalBuffers());
    },
  );
  fc.assert(property, { numRuns: 60 });
});

test("who waits for buffers is told once, when one has come back and enough are free", (t) => {
  startWithPeer();
  hoard(10);
  const before = [told(0), told(1)] as const;
  awaitBuffers(0, 20);
  awaitBuffers(1, 5);
  t.is(told(1), before[1], "there are enough, but none has come back yet");
  unhoard(1);
  t.deepEqual([told(0), told(1)], [before[0], before[1] + 1]);
  unhoard(8);
  t.is(told(0), before[0]);
  unhoard(1);
  t.is(told(0), before[0] + 1);
  unhoard(20);
  t.deepEqual([told(0), told(1)], [before[0] + 1, before[1] + 1]);
});

test("a neighbour that is being asked for has room for one datagram of the largest size, and no more", (t) => {
  start();
  bind(0, 9);
  t.true(hasRoom("10.0.0.2", 65507));
  t.is(send(0, "10.0.0.2", 7, pattern(65507)), sent);
  t.true(hasRoom("10.0.0.2", 1));
  t.is(send(0, "10.0.0.2", 7, pattern(1)), sent);
  t.false(hasRoom("10.0.0.2", 1));
  receive(arp({ operation: 2 }));
  t.true(hasRoom("10.0.0.2", 65507));
  t.is(take().length, 47);
});
