// Gives wasm2c's output the doors that every form has, and the memory that it wants. There is no guard area around the
// memory and no check of an access: the fastest that this route can do, and what a kernel would have to live with.
// `forms.wasm.c` is what wasm2c made of forms.ts.
#define WASM_RT_MEMCHECK_SIGNAL_HANDLER 1
#include "forms.wasm.c"

#define FORM __attribute__((visibility("default")))
#define ARENA_BYTES (256 * 1024)

static u8 arena_bytes[ARENA_BYTES] __attribute__((aligned(4096)));
static Z_forms_instance_t instance;

bool wasm_rt_is_initialized(void) { return true; }
uint32_t wasm_rt_register_func_type(uint32_t params, uint32_t results, ...) { return params + results; }
void wasm_rt_free_memory(wasm_rt_memory_t *memory) { memory->data = 0; }
void wasm_rt_allocate_memory(wasm_rt_memory_t *memory, uint32_t pages, uint32_t max_pages) {
  *memory = (wasm_rt_memory_t){arena_bytes, pages, max_pages, ARENA_BYTES};
}

/** Makes the instance; the address of byte 0 of its memory. */
FORM u64 arena(void) {
  Z_forms_init_module();
  Z_forms_instantiate(&instance);
  return (u64)(uintptr_t)instance.w2c_memory.data;
}

FORM u64 checksum(u64 bytes, u64 length) { return Z_formsZ_checksum(&instance, (u32)bytes, (u32)length); }
FORM u64 pageTable(u64 updates, u64 count, u64 p2m, u64 p2m_length, u64 first, u64 table) {
  return Z_formsZ_pageTable(&instance, (u32)updates, (u32)count, (u32)p2m, (u32)p2m_length, (u32)first, table);
}
FORM u64 ring(u64 shared, u64 count) { return Z_formsZ_ring(&instance, (u32)shared, (u32)count); }
FORM u64 headers(u64 frames, u64 count, u64 counters) {
  return Z_formsZ_headers(&instance, (u32)frames, (u32)count, (u32)counters);
}
FORM u64 events(u64 state, u64 deliveries) { return Z_formsZ_events(&instance, (u32)state, (u32)deliveries); }
