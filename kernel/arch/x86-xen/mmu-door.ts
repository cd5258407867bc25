/**
 * What the pte queue asks of whoever guards the page tables: Xen, by hypercalls, or in tests a simulation that enforces the
 * same rules.
 */
import type { Mfn, VirtAddr } from "../../xen-abi/addresses.ts";
import type { Errno } from "../../xen-abi/errno.ts";
import type { EntrySlot, MmuextOp, MmuUpdate } from "../../xen-abi/mmu.ts";
import type { FlushMode, MulticallEntry } from "../../xen-abi/xen.ts";

/** How far a list of requests got: `done` of them, and where that is not all, why the next one was refused. */
export type Progress =
  | { readonly refused: false; readonly done: usize }
  | { readonly refused: true; readonly done: usize; readonly errno: Errno };

export interface MmuDoor {
  /** `mmu_update`: checked writes, in order, up to the first that is refused. */
  update(requests: Slice<MmuUpdate>): Progress;
  /** `mmuext_op`: pins, base pointers, TLB flushes, in order, up to the first that is refused. */
  extend(operations: Slice<MmuextOp>): Progress;
  /** `update_va_mapping`: writes the lowest-level entry of `address` in the current address space, and flushes. */
  updateMapping(address: VirtAddr, entry: u64, flush: FlushMode): Progress;
  /** What `slot` holds now. Tables are readable at all times: no call of Xen is needed. */
  read(slot: EntrySlot): u64;
  /** The 512 entries of a table, to be read. */
  entriesOf(table: Mfn): Slice<u64>;
  /** The words of a frame that no table leads to yet, to be written: it must be writable where the kernel sees it. */
  wordsOf(table: Mfn): Slice<u64>;
}
