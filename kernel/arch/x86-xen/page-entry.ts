/** Entries of the lowest-level page table. */
import { mfnNumber, pageShift, type Mfn } from "../../xen-abi/addresses.ts";

/** Bits of an entry. Xen itself adds the user bit: guest kernels run in ring 3. */
export const enum PageFlag {
  Present = 1 << 0,
  Writable = 1 << 1,
  Accessed = 1 << 5,
  Dirty = 1 << 6,
  NoExecute = 0x8000000000000000,
}

export type PageFlags = Flags<PageFlag, u64>;

/** Instructions. */
export const executable: PageFlags = PageFlag.Present | PageFlag.Accessed;
/** Constants. */
export const readOnly: PageFlags = PageFlag.Present | PageFlag.Accessed | PageFlag.NoExecute;
/** Everything else. */
export const writable: PageFlags =
  PageFlag.Present | PageFlag.Writable | PageFlag.Accessed | PageFlag.Dirty | PageFlag.NoExecute;
/** Nothing there; an entry that is not present keeps no address bits (L1TF). */
export const notPresent: u64 = 0;

/** The entry that maps `frame` so. */
export function pageEntry(frame: Mfn, flags: PageFlags): u64 {
  return (mfnNumber(frame) << pageShift) | flags;
}
