// The same five algorithms in AssemblyScript: offsets into its linear memory, no checks at all (its fastest way).
// Compiled to WebAssembly, and from there to C by wasm2c. Its loads are plain: it has no load that the C compiler may
// not move, short of WebAssembly's atomics, which this wasm2c refuses.

function readU16be(at: u32): u32 {
  return bswap<u16>(load<u16>(at));
}

// ── RFC 1071 checksum ──────────────────────────────────────────────────────────────────────────────────────────────

export function checksum(bytes: u32, length: u32): u64 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i + 1 < length; i += 2) sum += readU16be(bytes + i);
  if (length & 1) sum += (<u32>load<u8>(bytes + length - 1)) << 8;
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return <u64>(~sum & 0xffff);
}

// ── Page-table batch: { pointer: u64; value: u64 } ─────────────────────────────────────────────────────────────────

export function pageTable(updates: u32, count: u32, p2m: u32, _p2mLength: u32, first: u32, table: u64): u64 {
  const frames = p2m + first * 8;
  let present: u64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const mfn = load<u64>(frames + i * 8);
    const update = updates + i * 16;
    store<u64>(update, table + <u64>i * 8);
    if (mfn == u64.MAX_VALUE) {
      store<u64>(update, 0, 8);
    } else {
      store<u64>(update, (mfn << 12) | 0x63, 8);
      present++;
    }
  }
  return present;
}

// ── Ring: producer at 0, consumer at 64, slots of 16 bytes from 128 on ─────────────────────────────────────────────

const SLOTS: u32 = 256;

function produce(ring: u32, count: u32): u32 {
  let producer = load<u32>(ring);
  let pushed: u32 = 0;
  while (pushed < count && producer - load<u32>(ring, 64) < SLOTS) {
    const slot = ring + 128 + (producer & (SLOTS - 1)) * 16;
    store<u32>(slot, producer);
    store<u32>(slot, pushed + 8, 4);
    store<u16>(slot, (pushed & 7) * 512, 8);
    store<u16>(slot, 512, 10);
    store<u32>(slot, pushed & 1, 12);
    producer++;
    store<u32>(ring, producer);
    pushed++;
  }
  return pushed;
}

function consume(ring: u32): u64 {
  let consumer = load<u32>(ring, 64);
  let bytes: u64 = 0;
  while (consumer != load<u32>(ring)) {
    const slot = ring + 128 + (consumer & (SLOTS - 1)) * 16;
    const grant = load<u32>(slot, 4);
    const offset: u32 = load<u16>(slot, 8);
    const length: u32 = load<u16>(slot, 10);
    const flags = load<u32>(slot, 12);
    if (offset + length <= 4096 && grant >= 8) {
      bytes += length;
      bytes += flags;
    }
    consumer++;
    store<u32>(ring, consumer, 64);
  }
  return bytes;
}

export function ring(shared: u32, count: u32): u64 {
  const pushed = produce(shared, count);
  return consume(shared) + pushed;
}

// ── Header parse and dispatch: frames of 128 bytes, the length first; counters as u64 ──────────────────────────────

const MALFORMED: u32 = 0;
const ARP: u32 = 8;
const ICMP: u32 = 16;
const TCP: u32 = 24;
const UDP: u32 = 32;
const UNKNOWN: u32 = 40;
const PAYLOAD: u32 = 48;
const PORTS: u32 = 56;

function count(counters: u32, which: u32, by: u32): void {
  store<u64>(counters + which, load<u64>(counters + which) + by);
}

function dispatchArp(packet: u32, length: u32, counters: u32): void {
  if (length < 28 || readU16be(packet) != 1 || readU16be(packet + 2) != 0x0800) {
    count(counters, MALFORMED, 1);
    return;
  }
  count(counters, ARP, 1);
}

function dispatchIcmp(length: u32, counters: u32): void {
  if (length < 8) {
    count(counters, MALFORMED, 1);
    return;
  }
  count(counters, ICMP, 1);
  count(counters, PAYLOAD, length - 8);
}

function dispatchTcp(segment: u32, length: u32, counters: u32): void {
  if (length < 20) {
    count(counters, MALFORMED, 1);
    return;
  }
  const headerLength: u32 = <u32>(load<u8>(segment, 12) >> 4) * 4;
  if (headerLength < 20 || headerLength > length) {
    count(counters, MALFORMED, 1);
    return;
  }
  count(counters, TCP, 1);
  count(counters, PORTS, readU16be(segment + 2));
  count(counters, PAYLOAD, length - headerLength);
}

function dispatchUdp(datagram: u32, length: u32, counters: u32): void {
  if (length < 8) {
    count(counters, MALFORMED, 1);
    return;
  }
  const total = readU16be(datagram + 4);
  if (total < 8 || total > length) {
    count(counters, MALFORMED, 1);
    return;
  }
  count(counters, UDP, 1);
  count(counters, PORTS, readU16be(datagram + 2));
  count(counters, PAYLOAD, total - 8);
}

function dispatchIpv4(packet: u32, length: u32, counters: u32): void {
  if (length < 20 || load<u8>(packet) >> 4 != 4) {
    count(counters, MALFORMED, 1);
    return;
  }
  const headerLength: u32 = <u32>(load<u8>(packet) & 15) * 4;
  const totalLength = readU16be(packet + 2);
  if (headerLength < 20 || totalLength < headerLength || totalLength > length) {
    count(counters, MALFORMED, 1);
    return;
  }
  const payload = packet + headerLength;
  const payloadLength = totalLength - headerLength;
  switch (<u32>load<u8>(packet, 9)) {
    case 1:
      dispatchIcmp(payloadLength, counters);
      break;
    case 6:
      dispatchTcp(payload, payloadLength, counters);
      break;
    case 17:
      dispatchUdp(payload, payloadLength, counters);
      break;
    default:
      count(counters, UNKNOWN, 1);
      break;
  }
}

function dispatchEthernet(frame: u32, length: u32, counters: u32): void {
  if (length < 14) {
    count(counters, MALFORMED, 1);
    return;
  }
  switch (readU16be(frame + 12)) {
    case 0x0800:
      dispatchIpv4(frame + 14, length - 14, counters);
      break;
    case 0x0806:
      dispatchArp(frame + 14, length - 14, counters);
      break;
    default:
      count(counters, UNKNOWN, 1);
      break;
  }
}

export function headers(frames: u32, frameCount: u32, counters: u32): u64 {
  for (let i: u32 = 0; i < frameCount; i++) {
    const frame = frames + i * 128;
    dispatchEthernet(frame + 4, load<u32>(frame), counters);
  }
  return frameCount;
}

// ── Event bitmap: selector, 64 words pending, 64 words masked ──────────────────────────────────────────────────────

export function events(state: u32, deliveries: u32): u64 {
  let ports: u64 = 0;
  let words = load<u64>(state);
  while (words) {
    const word = <u32>ctz(words);
    words &= words - 1;
    let ready = load<u64>(state + word * 8, 8) & ~load<u64>(state + word * 8, 520);
    while (ready) {
      const port = word * 64 + <u32>ctz(ready);
      ready &= ready - 1;
      const delivered = deliveries + port * 4;
      store<u32>(delivered, load<u32>(delivered) + 1);
      ports += port;
    }
  }
  return ports;
}
