/** Where the buffers' pages come from: whole blocks, taken when the stack starts and never given back. */
import { bufferBytes, PacketBuffer } from "../dev/packet.ts";
import type { PacketPool } from "../dev/packet-pool.ts";
import type { MemoryFault } from "../lib/memory-fault.ts";
import type { Heap } from "../mm/heap.ts";
import { Owner } from "../mm/owner.ts";
import { Pool } from "../mm/pool.ts";

/** The most, and what makes no sense any more with less. */
const mostBuffers = 256;
const fewestBuffers = 96;
/** Pages that are taken at once. */
const blockPages = 32;

const buffers = new Pool<PacketBuffer>();

/** Gives the pool a sixteenth of `memoryPages`, in reason. @allocates */
export function fillPacketPool(
  pool: PacketPool,
  heap: Heap,
  memoryPages: u64,
): Result<undefined, MemoryFault> {
  const wanted: u64 = min<u64>(max<u64>(memoryPages / 16, fewestBuffers), mostBuffers) & ~(blockPages - 1);
  const described = buffers.fill(heap, wanted as u32, Owner.Network);
  if (!described.ok) return described;
  for (let count: u64 = 0; count < wanted; count += blockPages) {
    const block = heap.allocate(blockPages * bufferBytes, Owner.Network);
    if (!block.ok) return err(block.error);
    addBlock(pool, block.value);
  }
  return ok();
}

function addBlock(pool: PacketPool, block: Slice<u8>): void {
  for (let at: usize = 0; at < block.length; at += bufferBytes) {
    const buffer = buffers.take();
    assert(buffer !== null, "every page has its description");
    buffer.memory = block.slice(at, at + bufferBytes);
    pool.add(buffer);
  }
}
