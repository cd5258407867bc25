/** Memory that is opened before somebody asks: a burst of allocations then finds it mapped. */
import { frames, growMemory, isMemoryLeft } from "../mm/memory.ts";
import type { IdleWork } from "./idle-work.ts";

/** Free frames that are kept ready: 8 MiB. Opening all memory would cost tables for what is perhaps never used. */
const readyFrames = 2048;

@struct
class MemoryAhead implements IdleWork {
  /** Opens 2 MiB: a page table, filled and given to Xen. @allocates */
  step(): boolean {
    return frames.free < readyFrames && isMemoryLeft() && growMemory();
  }
}

export const memoryAhead = new MemoryAhead();
