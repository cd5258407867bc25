/** One request of the hypercall `mmu_update` (xen/public/xen.h, `struct mmu_update`). */
@struct({ size: 16 })
export class MmuUpdate {
  /** Machine address of the entry; the two lowest bits say what kind of update it is (0: an ordinary one). */
  pointer: u64 = 0;
  /** The new entry. */
  value: u64 = 0;
}

/** What the p2m holds where a pseudo-physical frame has no machine frame. */
const INVALID_MFN: u64 = 0xffffffffffffffff;
const PAGE_SHIFT = 12;
const ENTRY_BYTES = 8;
/** Present, writable, accessed, dirty. */
const ENTRY_FLAGS: u64 = 0x63;

/**
 * Queues the updates that map the frames from pseudo-physical frame `first` on, one per update, into the page table at
 * machine address `table`. A frame without memory gets an entry without address bits. Returns how many are present.
 */
export function mapFrames(updates: Slice<MmuUpdate>, p2m: Slice<u64>, first: usize, table: u64): u64 {
  const frames = p2m.slice(first, first + updates.length);
  let present: u64 = 0;
  for (const [index, update] of updates.entries()) {
    const mfn = frames[index];
    update.pointer = table + index * ENTRY_BYTES;
    if (mfn === INVALID_MFN) {
      update.value = 0;
    } else {
      update.value = (mfn << PAGE_SHIFT) | ENTRY_FLAGS;
      present++;
    }
  }
  return present;
}
