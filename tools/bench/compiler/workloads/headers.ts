import type { Workload } from "../workload.ts";
import { randomSource } from "./random.ts";

const FRAMES = 128;
const FRAME_BYTES = 128;
const COUNTERS_OFFSET = FRAMES * FRAME_BYTES;
const COUNTERS = ["malformed", "arp", "icmp", "tcp", "udp", "unknown", "payload", "ports"] as const;
type Counts = Record<(typeof COUNTERS)[number], number>;

/** A mix of frames as a server sees it, some of them broken. One operation is one frame. */
export function headersWorkload(): Workload {
  const random = randomSource(4);
  const counts: Counts = { malformed: 0, arp: 0, icmp: 0, tcp: 0, udp: 0, unknown: 0, payload: 0, ports: 0 };
  const frames = Buffer.alloc(FRAMES * FRAME_BYTES);
  for (let i = 0; i < FRAMES; i++) {
    const frame = makeFrame(random, counts);
    frames.writeUInt32LE(frame.length, i * FRAME_BYTES);
    frame.copy(frames, i * FRAME_BYTES + 4);
  }
  const counters = Buffer.alloc(COUNTERS.length * 8);
  COUNTERS.forEach((name, i) => counters.writeBigUInt64LE(BigInt(counts[name]), i * 8));
  return {
    symbol: "headers",
    title: "header parse, per frame",
    regions: [
      { offset: 0, before: frames },
      { offset: COUNTERS_OFFSET, before: Buffer.alloc(counters.length), after: counters },
    ],
    result: BigInt(FRAMES),
    operations: FRAMES,
    arguments: (base) => [base, BigInt(FRAMES), base + BigInt(COUNTERS_OFFSET)],
  };
}

/** One frame, and what a correct parser counts for it. */
function makeFrame(random: () => number, counts: Counts): Buffer {
  const kind = random() % 100;
  const extra = random() % 40;
  if (kind < 40) return transport(6, tcpSegment(random, extra, counts));
  if (kind < 70) return transport(17, udpDatagram(random, extra, counts));
  if (kind < 80) {
    counts.icmp++;
    counts.payload += extra;
    return transport(1, Buffer.alloc(8 + extra));
  }
  if (kind < 90) {
    counts.arp++;
    return ethernet(0x0806, Buffer.from([0, 1, 8, 0, 6, 4, 0, 1, ...Array<number>(20).fill(0)]));
  }
  if (kind < 95) {
    counts.unknown++;
    return ethernet(0x86dd, Buffer.alloc(40));
  }
  counts.malformed++;
  // A total length beyond the frame; a transport header cut off; a frame shorter than its Ethernet header.
  if (kind < 97) return transport(17, Buffer.alloc(20)).fill(0xff, 16, 18);
  return kind < 99 ? transport(6, Buffer.alloc(12)) : Buffer.alloc(9);
}

function ethernet(type: number, packet: Buffer): Buffer {
  const header = Buffer.alloc(14);
  header.writeUInt16BE(type, 12);
  return Buffer.concat([header, packet]);
}

function transport(protocol: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(20 + payload.length, 2);
  header[9] = protocol;
  return ethernet(0x0800, Buffer.concat([header, payload]));
}

function tcpSegment(random: () => number, extra: number, counts: Counts): Buffer {
  const optionWords = random() & 3;
  const segment = Buffer.alloc(20 + optionWords * 4 + extra);
  const port = random() & 0xffff;
  segment.writeUInt16BE(port, 2);
  segment[12] = (5 + optionWords) << 4;
  counts.tcp++;
  counts.ports += port;
  counts.payload += extra;
  return segment;
}

function udpDatagram(random: () => number, extra: number, counts: Counts): Buffer {
  const datagram = Buffer.alloc(8 + extra);
  const port = random() & 0xffff;
  datagram.writeUInt16BE(port, 2);
  datagram.writeUInt16BE(datagram.length, 4);
  counts.udp++;
  counts.ports += port;
  counts.payload += extra;
  return datagram;
}
