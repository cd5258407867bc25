/** The tables that a disk needs, from the heap. */
import { addressOf, sliceAt } from "xenlet:unsafe";
import type { MemoryFault } from "../../../lib/memory-fault.ts";
import { heap } from "../../../mm/kernel-heap.ts";
import { Owner } from "../../../mm/owner.ts";
import { Chunk, chunkLimit, diskDepth } from "./chunk.ts";
import { DataPage, dataPageLimit } from "./data-pages.ts";
import { DiskRequest } from "./disk-request.ts";

@struct
export class DiskTables {
  memory: Slice<u8> | null = null;

  /** Makes them, all zero. @allocates */
  allocate(): Result<undefined, MemoryFault> {
    const bytes: u64 =
      diskDepth * sizeOf<DiskRequest>() + chunkLimit * sizeOf<Chunk>() + dataPageLimit * sizeOf<DataPage>();
    const memory = heap.allocate(bytes, Owner.Block);
    if (!memory.ok) return err(memory.error);
    this.memory = memory.value;
    return ok();
  }

  requests(): Slice<DiskRequest> {
    return sliceAt<DiskRequest>(addressOf(this.memory!), diskDepth);
  }

  chunks(): Slice<Chunk> {
    return sliceAt<Chunk>(addressOf(this.memory!) + diskDepth * sizeOf<DiskRequest>(), chunkLimit);
  }

  pages(): Slice<DataPage> {
    const before: u64 = diskDepth * sizeOf<DiskRequest>() + chunkLimit * sizeOf<Chunk>();
    return sliceAt<DataPage>(addressOf(this.memory!) + before, dataPageLimit);
  }

  release(): void {
    const released = heap.release(this.memory!);
    assert(released.ok, "it was allocated");
    this.memory = null;
  }
}
