// The slot ring as Xen's own header has it (io/ring.h), with Linux's barriers for x86.
#include <string.h>
#define __XEN_INTERFACE_VERSION__ __XEN_LATEST_INTERFACE_VERSION__
#include <xen/xen-compat.h>
#define xen_mb() __asm__ volatile("lock; addl $0,-4(%%rsp)" ::: "memory", "cc")
#define xen_wmb() __asm__ volatile("" ::: "memory")
#define xen_rmb() __asm__ volatile("" ::: "memory")
#include <xen/io/ring.h>

#define RING_BATCH 32

struct slot_request {
  u16 id, flags;
  u32 grant;
  u16 offset, length;
};
struct slot_response {
  u16 id;
  int16_t status;
};
DEFINE_RING_TYPES(slot, struct slot_request, struct slot_response);

// What a driver keeps of a ring, in its device's struct.
struct slot_device {
  slot_front_ring_t front;
  slot_back_ring_t back;
};

static void slot_ask(slot_front_ring_t *ring, u32 first) {
  for (u32 i = 0; i < RING_BATCH; i++) {
    struct slot_request request = {.id = (u16)(first + i), .grant = first + i + 8, .length = 1514};
    *RING_GET_REQUEST(ring, ring->req_prod_pvt) = request;
    ring->req_prod_pvt++;
  }
}

static void slot_answer(slot_back_ring_t *ring) {
  int more;
  RING_FINAL_CHECK_FOR_REQUESTS(ring, more);
  u32 produced = ring->sring->req_prod;
  if (!more || RING_REQUEST_PROD_OVERFLOW(ring, produced)) __builtin_trap();
  xen_rmb();
  while (ring->req_cons != produced) {
    struct slot_request request;
    RING_COPY_REQUEST(ring, ring->req_cons, &request);
    ring->req_cons++;
    struct slot_response response = {.id = request.id, .status = request.length & 1};
    *RING_GET_RESPONSE(ring, ring->rsp_prod_pvt) = response;
    ring->rsp_prod_pvt++;
  }
}

static u64 slot_collect(slot_front_ring_t *ring) {
  int more;
  u64 sum = 0;
  RING_FINAL_CHECK_FOR_RESPONSES(ring, more);
  u32 produced = ring->sring->rsp_prod;
  if (!more || RING_RESPONSE_PROD_OVERFLOW(ring, produced)) __builtin_trap();
  xen_rmb();
  while (ring->rsp_cons != produced) {
    struct slot_response response;
    RING_COPY_RESPONSE(ring, ring->rsp_cons, &response);
    ring->rsp_cons++;
    sum += response.id;
  }
  return sum;
}

FORM u64 slotRing(u8 *page, size_t length, struct slot_device *device) {
  u64 sum = 0;
  if (((slot_sring_t *)page)->req_event == 0) {
    memset(page, 0, length);
    XEN_FRONT_RING_INIT(&device->front, (slot_sring_t *)page, length);
    BACK_RING_INIT(&device->back, (slot_sring_t *)page, length);
  }
  for (u32 asked = 0; asked < SLOTS; asked += RING_BATCH) {
    int notify;
    slot_ask(&device->front, asked);
    RING_PUSH_REQUESTS_AND_CHECK_NOTIFY(&device->front, notify);
    sum += (u64)notify;
    slot_answer(&device->back);
    RING_PUSH_RESPONSES_AND_CHECK_NOTIFY(&device->back, notify);
    sum += (u64)notify;
    sum += slot_collect(&device->front);
  }
  return sum;
}
