// Gives Porffor's output the doors that every form has. `forms.js.c` is what `porf c --module` made of forms.js, with its
// functions numbered; the harness defines each JS_name below as the numbered symbol.
// The JavaScript function objects have the names of the doors, so they are moved aside.
#define main porffor_main
#define checksum checksum_object
#define pageTable pageTable_object
#define ring ring_object
#define headers headers_object
#define events events_object
#include "forms.js.c"
#undef main
#undef checksum
#undef pageTable
#undef ring
#undef headers
#undef events

#define FORM __attribute__((visibility("default")))
#define NUMBER(value) porf_box_num((f64)(value))
#define RESULT(call) (enter(), (u64)(call).val)

/** The collector scans the stack up to here, and each call comes from another depth. */
static inline void enter(void) { porf_c_stack_top = __builtin_frame_address(0); }

/** Runs the module's own code; the address of byte 0 of the ArrayBuffer. */
FORM u64 arena(void) {
  porffor_main(0, 0);
  return (u64)(uintptr_t)(MEM + *(u32 *)(MEM + (u32)_u8.val + 4u) + 4u);
}

FORM u64 checksum(u64 bytes, u64 length) {
  return RESULT(JS_checksum(JV_UNDEFINED, JV_UNDEFINED, NUMBER(bytes), NUMBER(length)));
}
FORM u64 pageTable(u64 updates, u64 count, u64 p2m, u64 p2m_length, u64 first, u64 table) {
  return RESULT(JS_pageTable(JV_UNDEFINED, JV_UNDEFINED, NUMBER(updates), NUMBER(count), NUMBER(p2m),
                             NUMBER(p2m_length), NUMBER(first), NUMBER(table)));
}
FORM u64 ring(u64 shared, u64 count) {
  return RESULT(JS_ring(JV_UNDEFINED, JV_UNDEFINED, NUMBER(shared), NUMBER(count)));
}
FORM u64 headers(u64 frames, u64 count, u64 counters) {
  return RESULT(JS_headers(JV_UNDEFINED, JV_UNDEFINED, NUMBER(frames), NUMBER(count), NUMBER(counters)));
}
FORM u64 events(u64 state, u64 deliveries) {
  return RESULT(JS_events(JV_UNDEFINED, JV_UNDEFINED, NUMBER(state), NUMBER(deliveries)));
}
