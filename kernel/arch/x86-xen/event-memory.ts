/** Memory for more event channels than the kernel starts with. What gives it lies above this room, so it is passed in. */
import type { MemoryFault } from "../../lib/memory-fault.ts";

export interface EventMemory {
  /** Zeros; a page and more begins at a page's start, and has machine frames of its own. @allocates */
  allocate(bytes: usize): Result<Slice<u8>, MemoryFault>;
  /** Takes back what `allocate` gave. */
  release(bytes: Slice<u8>): void;
}
