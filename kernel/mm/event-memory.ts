/** Where event channels get memory from: the kernel's heap. */
import type { EventMemory } from "../arch/x86-xen/event-memory.ts";
import type { MemoryFault } from "../lib/memory-fault.ts";
import { heap } from "./kernel-heap.ts";
import { Owner } from "./owner.ts";

@struct
class HeapForEvents implements EventMemory {
  /** @allocates */
  allocate(bytes: usize): Result<Slice<u8>, MemoryFault> {
    return heap.allocate(bytes, Owner.Events);
  }

  release(bytes: Slice<u8>): void {
    const released = heap.release(bytes);
    assert(released.ok, "it was allocated from there");
  }
}

export const eventMemory = new HeapForEvents();
