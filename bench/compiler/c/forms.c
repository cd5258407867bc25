// The hand-written peer: the same algorithms as ../xenlet in plain C, without bounds checks.
// A benchmark peer only; nothing of xenlet is built from it.
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define FORM __attribute__((visibility("default")))

static inline u16 read_u16be(const u8 *bytes) {
  u16 value;
  __builtin_memcpy(&value, bytes, sizeof value);
  return __builtin_bswap16(value);
}

// ── RFC 1071 checksum ──────────────────────────────────────────────────────────────────────────────────────────────

FORM u64 checksum(const u8 *bytes, size_t length) {
  u32 sum = 0;
  for (size_t i = 0; i + 1 < length; i += 2)
    sum += read_u16be(bytes + i);
  if (length & 1)
    sum += (u32)bytes[length - 1] << 8;
  while (sum >> 16)
    sum = (sum & 0xffff) + (sum >> 16);
  return (u16)~sum;
}

// ── Page-table batch ───────────────────────────────────────────────────────────────────────────────────────────────

struct mmu_update {
  u64 pointer;
  u64 value;
};
#define INVALID_MFN (~(u64)0)
#define PAGE_SHIFT 12
#define ENTRY_FLAGS 0x63

FORM u64 pageTable(struct mmu_update *updates, size_t count, const u64 *p2m, size_t p2m_length, size_t first,
                   u64 table) {
  (void)p2m_length;
  const u64 *frames = p2m + first;
  u64 present = 0;
  for (size_t i = 0; i < count; i++) {
    u64 mfn = frames[i];
    updates[i].pointer = table + i * 8;
    if (mfn == INVALID_MFN) {
      updates[i].value = 0;
    } else {
      updates[i].value = mfn << PAGE_SHIFT | ENTRY_FLAGS;
      present++;
    }
  }
  return present;
}

// ── Ring ───────────────────────────────────────────────────────────────────────────────────────────────────────────

#define SLOTS 256
#define PAGE_BYTES 4096

struct request {
  u32 id, grant;
  u16 offset, length;
  u32 flags;
};
struct ring {
  u32 producer;
  u32 consumer __attribute__((aligned(64)));
  struct request slots[SLOTS] __attribute__((aligned(64)));
};
_Static_assert(sizeof(struct ring) == 4224, "the layout that ../xenlet/ring.ts has");

// As Linux's RING_COPY_REQUEST: nothing may be read again, or moved across.
#define compiler_barrier() __asm__ volatile("" ::: "memory")

static u32 produce(struct ring *ring, u32 count) {
  u32 producer = __atomic_load_n(&ring->producer, __ATOMIC_RELAXED);
  u32 pushed = 0;
  while (pushed < count && producer - __atomic_load_n(&ring->consumer, __ATOMIC_ACQUIRE) < SLOTS) {
    struct request request = {producer, pushed + 8, (u16)((pushed & 7) * 512), 512, pushed & 1};
    ring->slots[producer & (SLOTS - 1)] = request;
    compiler_barrier();
    producer++;
    __atomic_store_n(&ring->producer, producer, __ATOMIC_RELEASE);
    pushed++;
  }
  return pushed;
}

static u64 consume(struct ring *ring) {
  u32 consumer = __atomic_load_n(&ring->consumer, __ATOMIC_RELAXED);
  u64 bytes = 0;
  while (consumer != __atomic_load_n(&ring->producer, __ATOMIC_ACQUIRE)) {
    struct request request = ring->slots[consumer & (SLOTS - 1)];
    compiler_barrier();
    if ((u32)request.offset + request.length <= PAGE_BYTES && request.grant >= 8) {
      bytes += request.length;
      bytes += request.flags;
    }
    consumer++;
    __atomic_store_n(&ring->consumer, consumer, __ATOMIC_RELEASE);
  }
  return bytes;
}

FORM u64 ring(struct ring *shared, u32 count) {
  u32 pushed = produce(shared, count);
  return consume(shared) + pushed;
}

// ── Slot ring ──────────────────────────────────────────────────────────────────────────────────────────────────────

#include "slot-ring.c"

// ── Header parse and dispatch ──────────────────────────────────────────────────────────────────────────────────────

struct frame {
  u32 length;
  u8 bytes[124];
};
struct counters {
  u64 malformed, arp, icmp, tcp, udp, unknown, payload, ports;
};

static void dispatch_arp(const u8 *packet, size_t length, struct counters *counters) {
  if (length < 28 || read_u16be(packet) != 1 || read_u16be(packet + 2) != 0x0800) {
    counters->malformed++;
    return;
  }
  counters->arp++;
}

static void dispatch_icmp(size_t length, struct counters *counters) {
  if (length < 8) {
    counters->malformed++;
    return;
  }
  counters->icmp++;
  counters->payload += length - 8;
}

static void dispatch_tcp(const u8 *segment, size_t length, struct counters *counters) {
  if (length < 20) {
    counters->malformed++;
    return;
  }
  size_t header_length = (size_t)(segment[12] >> 4) * 4;
  if (header_length < 20 || header_length > length) {
    counters->malformed++;
    return;
  }
  counters->tcp++;
  counters->ports += read_u16be(segment + 2);
  counters->payload += length - header_length;
}

static void dispatch_udp(const u8 *datagram, size_t length, struct counters *counters) {
  if (length < 8) {
    counters->malformed++;
    return;
  }
  size_t total = read_u16be(datagram + 4);
  if (total < 8 || total > length) {
    counters->malformed++;
    return;
  }
  counters->udp++;
  counters->ports += read_u16be(datagram + 2);
  counters->payload += total - 8;
}

static void dispatch_ipv4(const u8 *packet, size_t length, struct counters *counters) {
  if (length < 20 || packet[0] >> 4 != 4) {
    counters->malformed++;
    return;
  }
  size_t header_length = (size_t)(packet[0] & 15) * 4;
  size_t total_length = read_u16be(packet + 2);
  if (header_length < 20 || total_length < header_length || total_length > length) {
    counters->malformed++;
    return;
  }
  const u8 *payload = packet + header_length;
  size_t payload_length = total_length - header_length;
  switch (packet[9]) {
  case 1:
    dispatch_icmp(payload_length, counters);
    break;
  case 6:
    dispatch_tcp(payload, payload_length, counters);
    break;
  case 17:
    dispatch_udp(payload, payload_length, counters);
    break;
  default:
    counters->unknown++;
    break;
  }
}

static void dispatch_ethernet(const u8 *frame, size_t length, struct counters *counters) {
  if (length < 14) {
    counters->malformed++;
    return;
  }
  switch (read_u16be(frame + 12)) {
  case 0x0800:
    dispatch_ipv4(frame + 14, length - 14, counters);
    break;
  case 0x0806:
    dispatch_arp(frame + 14, length - 14, counters);
    break;
  default:
    counters->unknown++;
    break;
  }
}

FORM u64 headers(const struct frame *frames, size_t count, struct counters *counters) {
  for (size_t i = 0; i < count; i++)
    dispatch_ethernet(frames[i].bytes, frames[i].length, counters);
  return count;
}

// ── Event bitmap ───────────────────────────────────────────────────────────────────────────────────────────────────

struct event_state {
  u64 selector;
  u64 pending[64], masked[64];
};

FORM u64 events(struct event_state *state, u32 *deliveries) {
  u64 ports = 0;
  u64 words = __atomic_load_n(&state->selector, __ATOMIC_ACQUIRE);
  while (words) {
    u32 word = (u32)__builtin_ctzll(words);
    words &= words - 1;
    u64 ready = __atomic_load_n(&state->pending[word], __ATOMIC_RELAXED) &
                ~__atomic_load_n(&state->masked[word], __ATOMIC_RELAXED);
    while (ready) {
      u32 port = word * 64 + (u32)__builtin_ctzll(ready);
      ready &= ready - 1;
      deliveries[port]++;
      ports += port;
    }
  }
  return ports;
}
