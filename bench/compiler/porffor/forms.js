// The same five algorithms in JavaScript for Porffor's C back end. All memory is one arena with typed views; addresses
// are byte offsets into it. A 64-bit integer is two 32-bit halves where a double would not hold it.
// It goes round two defects of 0.0.0-alpha.7, which gives wrong values in silence: `array[i]++` on a typed array is lost
// (so `+= 1`), and Math.clz32 of a negative number is 32 (so `>>> 0`). Node gives the right results for all five.
const ARENA_BYTES = 65536;
const buffer = new ArrayBuffer(ARENA_BYTES);
const u8 = new Uint8Array(buffer);
const u16 = new Uint16Array(buffer);
const u32 = new Uint32Array(buffer);

// ── RFC 1071 checksum ──────────────────────────────────────────────────────────────────────────────────────────────

export function checksum(bytes, length) {
  let sum = 0;
  for (let i = 0; i + 1 < length; i += 2) sum += (u8[bytes + i] << 8) | u8[bytes + i + 1];
  if (length & 1) sum += u8[bytes + length - 1] << 8;
  while (sum >>> 16 !== 0) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

// ── Page-table batch ───────────────────────────────────────────────────────────────────────────────────────────────

export function pageTable(updates, count, p2m, p2mLength, first, table) {
  let present = 0;
  const tableHigh = Math.floor(table / 4294967296);
  const tableLow = table - tableHigh * 4294967296;
  for (let i = 0; i < count; i++) {
    const frame = (p2m >> 2) + (first + i) * 2;
    const low = u32[frame];
    const high = u32[frame + 1];
    const update = (updates >> 2) + i * 4;
    u32[update] = tableLow + i * 8;
    u32[update + 1] = tableHigh;
    if (low === 0xffffffff && high === 0xffffffff) {
      u32[update + 2] = 0;
      u32[update + 3] = 0;
    } else {
      u32[update + 2] = ((low << 12) | 0x63) >>> 0;
      u32[update + 3] = ((high << 12) | (low >>> 20)) >>> 0;
      present++;
    }
  }
  return present;
}

// ── Ring: producer at 0, consumer at 64, slots of 16 bytes from 128 on ─────────────────────────────────────────────

function produce(ring, count) {
  const base = ring >> 2;
  let producer = u32[base];
  let pushed = 0;
  while (pushed < count && (producer - u32[base + 16]) >>> 0 < 256) {
    const slot = base + 32 + (producer & 255) * 4;
    u32[slot] = producer;
    u32[slot + 1] = pushed + 8;
    u16[slot * 2 + 4] = (pushed & 7) * 512;
    u16[slot * 2 + 5] = 512;
    u32[slot + 3] = pushed & 1;
    producer = (producer + 1) >>> 0;
    u32[base] = producer;
    pushed++;
  }
  return pushed;
}

function consume(ring) {
  const base = ring >> 2;
  let consumer = u32[base + 16];
  let bytes = 0;
  while (consumer !== u32[base]) {
    const slot = base + 32 + (consumer & 255) * 4;
    const grant = u32[slot + 1];
    const offset = u16[slot * 2 + 4];
    const length = u16[slot * 2 + 5];
    const flags = u32[slot + 3];
    if (offset + length <= 4096 && grant >= 8) {
      bytes += length;
      bytes += flags;
    }
    consumer = (consumer + 1) >>> 0;
    u32[base + 16] = consumer;
  }
  return bytes;
}

export function ring(shared, count) {
  const pushed = produce(shared, count);
  return consume(shared) + pushed;
}

// ── Header parse and dispatch: frames of 128 bytes, the length first; the low halves of u64 counters ───────────────

const MALFORMED = 0;
const ARP = 2;
const ICMP = 4;
const TCP = 6;
const UDP = 8;
const UNKNOWN = 10;
const PAYLOAD = 12;
const PORTS = 14;

function readU16be(at) {
  return (u8[at] << 8) | u8[at + 1];
}

function dispatchArp(packet, length, counters) {
  if (length < 28 || readU16be(packet) !== 1 || readU16be(packet + 2) !== 0x0800) {
    u32[counters + MALFORMED] += 1;
    return;
  }
  u32[counters + ARP] += 1;
}

function dispatchIcmp(length, counters) {
  if (length < 8) {
    u32[counters + MALFORMED] += 1;
    return;
  }
  u32[counters + ICMP] += 1;
  u32[counters + PAYLOAD] += length - 8;
}

function dispatchTcp(segment, length, counters) {
  if (length < 20) {
    u32[counters + MALFORMED] += 1;
    return;
  }
  const headerLength = (u8[segment + 12] >> 4) * 4;
  if (headerLength < 20 || headerLength > length) {
    u32[counters + MALFORMED] += 1;
    return;
  }
  u32[counters + TCP] += 1;
  u32[counters + PORTS] += readU16be(segment + 2);
  u32[counters + PAYLOAD] += length - headerLength;
}

function dispatchUdp(datagram, length, counters) {
  if (length < 8) {
    u32[counters + MALFORMED] += 1;
    return;
  }
  const total = readU16be(datagram + 4);
  if (total < 8 || total > length) {
    u32[counters + MALFORMED] += 1;
    return;
  }
  u32[counters + UDP] += 1;
  u32[counters + PORTS] += readU16be(datagram + 2);
  u32[counters + PAYLOAD] += total - 8;
}

function dispatchIpv4(packet, length, counters) {
  if (length < 20 || u8[packet] >> 4 !== 4) {
    u32[counters + MALFORMED] += 1;
    return;
  }
  const headerLength = (u8[packet] & 15) * 4;
  const totalLength = readU16be(packet + 2);
  if (headerLength < 20 || totalLength < headerLength || totalLength > length) {
    u32[counters + MALFORMED] += 1;
    return;
  }
  const payload = packet + headerLength;
  const payloadLength = totalLength - headerLength;
  const protocol = u8[packet + 9];
  if (protocol === 1) dispatchIcmp(payloadLength, counters);
  else if (protocol === 6) dispatchTcp(payload, payloadLength, counters);
  else if (protocol === 17) dispatchUdp(payload, payloadLength, counters);
  else u32[counters + UNKNOWN] += 1;
}

function dispatchEthernet(frame, length, counters) {
  if (length < 14) {
    u32[counters + MALFORMED] += 1;
    return;
  }
  const type = readU16be(frame + 12);
  if (type === 0x0800) dispatchIpv4(frame + 14, length - 14, counters);
  else if (type === 0x0806) dispatchArp(frame + 14, length - 14, counters);
  else u32[counters + UNKNOWN] += 1;
}

export function headers(frames, count, counters) {
  for (let i = 0; i < count; i++) {
    const frame = frames + i * 128;
    dispatchEthernet(frame + 4, u32[frame >> 2], counters >> 2);
  }
  return count;
}

// ── Event bitmap: selector, 64 words pending, 64 words masked, each in two halves ──────────────────────────────────

export function events(state, deliveries) {
  const base = state >> 2;
  let ports = 0;
  for (let selectorHalf = 0; selectorHalf < 2; selectorHalf++) {
    let words = u32[base + selectorHalf] | 0;
    while (words !== 0) {
      const word = selectorHalf * 32 + 31 - Math.clz32((words & -words) >>> 0);
      words &= words - 1;
      for (let half = 0; half < 2; half++) {
        let ready = u32[base + 2 + word * 2 + half] & ~u32[base + 130 + word * 2 + half];
        while (ready !== 0) {
          const port = word * 64 + half * 32 + 31 - Math.clz32((ready & -ready) >>> 0);
          ready &= ready - 1;
          u32[(deliveries >> 2) + port] += 1;
          ports += port;
        }
      }
    }
  }
  return ports;
}
