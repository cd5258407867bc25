/** Which entry of a page table waits at which place of the queue: a hash table that is emptied by a single addition. */
import { slotNumber, type EntrySlot, type MmuUpdate } from "../../xen-abi/mmu.ts";

/** Twice as many cells as the queue has places, so that probes stay short. */
const cellCount = 1024;
const placeBits = 10;
const placeMask = (1 << placeBits) - 1;
/** What `find` says when nothing waits: no place of the queue. */
const nowhere = placeMask;
/** 2^64 divided by the golden ratio: the product's high bits spread neighbouring entries. */
const spread = 0x9e3779b97f4a7c15;

@struct
export class PendingIndex {
  /** A place, with the generation above it; a cell of another generation is empty. */
  readonly cells = new FixedArray<u32, 1024>();
  generation: u32 = 1;

  /** Where the latest write to `slot` waits, or a number that is no place. */
  find(slot: EntrySlot, updates: Slice<MmuUpdate>): usize {
    for (let cell: usize = firstCell(slot); ; cell = (cell + 1) & (cellCount - 1)) {
      const found: u32 = this.cells[cell];
      if (found >> placeBits !== this.generation) return nowhere;
      const place: usize = found & placeMask;
      if (updates[place].slot === slot) return place;
    }
  }

  /** The write at `place`, which is in `updates` already, is the latest one to `slot`. */
  note(slot: EntrySlot, place: usize, updates: Slice<MmuUpdate>): void {
    let cell: usize = firstCell(slot);
    for (; ; cell = (cell + 1) & (cellCount - 1)) {
      const found: u32 = this.cells[cell];
      if (found >> placeBits !== this.generation) break;
      if (updates[found & placeMask].slot === slot) break;
    }
    this.cells[cell] = (this.generation << placeBits) | (place as u32);
  }

  /** Nothing waits any more. */
  clear(): void {
    this.generation++;
    if (this.generation < 1 << (32 - placeBits)) return;
    this.cells.fill(0);
    this.generation = 1;
  }
}

function firstCell(slot: EntrySlot): usize {
  const product: u64 = (slotNumber(slot) >> 3) * spread;
  return product >> (64 - placeBits);
}
