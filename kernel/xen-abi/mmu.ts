/** xen.h: page-table writes and page-table operations that Xen checks and makes for a guest. */
import { noMfn, pageShift, toMfn, mfnNumber, type Mfn } from "./addresses.ts";

/**
 * One entry of one page table, named by the machine address where it lies. It is what `mmu_update` takes, and it stays the
 * same entry however the table is mapped.
 */
export type EntrySlot = Nominal<u64, "EntrySlot">;
export const noSlot: EntrySlot = 0 as EntrySlot;

const entryBytes = 8;

/** Entry `index` (0 to 511) of `table`. */
export function slotOf(table: Mfn, index: u64): EntrySlot {
  return ((mfnNumber(table) << pageShift) + index * entryBytes) as EntrySlot;
}

export function slotNumber(slot: EntrySlot): u64 {
  return slot as u64;
}

/** The table that the entry is part of. */
export function slotTable(slot: EntrySlot): Mfn {
  return toMfn((slot as u64) >> pageShift);
}

/** Which of its table's 512 entries it is. */
export function slotIndex(slot: EntrySlot): u64 {
  return ((slot as u64) >> 3) & 511;
}

/** `MMU_*`: what an `MmuUpdate` does, in the two lowest bits of `ptr`. */
export const enum MmuCommand {
  /** `*ptr = val`, checked. */
  Update = 0,
  /** Sets the m2p entry of the frame that `ptr` is in to `val`. */
  MachPhys = 1,
  /** As Update, but what the CPU has noted in Accessed and Dirty stays. */
  UpdateKeepingUse = 2,
}

/**
 * One page-table write.
 * @xen mmu_update xen.h
 */
@struct({ size: 16 })
export class MmuUpdate {
  /** The entry, with an `MmuCommand` in its lowest bits; all that the kernel sends are `Update`. @xen ptr */
  @offset(0) slot: EntrySlot = noSlot;
  @offset(8) val: u64 = 0;
}

/** `MMUEXT_*`. */
export const enum MmuextCommand {
  PinL1Table = 0,
  PinL2Table = 1,
  PinL3Table = 2,
  PinL4Table = 3,
  UnpinTable = 4,
  /** Switches the vCPU's kernel page tables. */
  NewBasePtr = 5,
  TlbFlushLocal = 6,
  InvlpgLocal = 7,
  TlbFlushMulti = 8,
  InvlpgMulti = 9,
  TlbFlushAll = 10,
  InvlpgAll = 11,
  /** `arg1` is the address of a page of descriptors, `arg2` how many there are. */
  SetLdt = 13,
  /** Switches the vCPU's page tables of programs. */
  NewUserBasePtr = 15,
}

/** `arg1` is a frame number or an address, as the command wants it. @xen none the anonymous `arg1` of mmuext_op */
@union({ size: 8 })
export class MmuextFirst {
  mfn: Mfn = noMfn;
  linearAddr: u64 = 0;
}

/**
 * One operation on a page table or on TLBs.
 * @xen mmuext_op xen.h
 */
@struct({ size: 24 })
export class MmuextOp {
  @offset(0) cmd: u32 = 0;
  @offset(8) readonly arg1 = new MmuextFirst();
  /** For the Multi commands: the address of a bitmap of vCPUs. @xen arg2 */
  @offset(16) vcpuMask: u64 = 0;
}
