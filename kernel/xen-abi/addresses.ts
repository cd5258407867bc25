/**
 * The kinds of numbers that name memory, each a type of its own so that they cannot be mixed up.
 * Only the converters below cross over; what each crossing *means* (the p2m and m2p tables) is decided in arch.
 */

/** Pseudo-physical frame number: the guest's own count, 0 up to `start_info.nr_pages`. */
export type Pfn = Nominal<u64, "Pfn">;
/** Machine frame number: what page tables, grants and Xen's interfaces hold. */
export type Mfn = Nominal<u64, "Mfn">;
/** An address as the guest's instructions use it. */
export type VirtAddr = Nominal<u64, "VirtAddr">;
/** A byte address in the machine's memory. */
export type MachAddr = Nominal<u64, "MachAddr">;

export const pageShift = 12;
export const pageSize = 1 << pageShift;
export const pageOffsetMask = pageSize - 1;
export const pagesPerMegabyte = 256;

/** What a field holds before Xen fills it. */
export const noPfn: Pfn = 0 as Pfn;
export const noMfn: Mfn = 0 as Mfn;
export const noVirtAddr: VirtAddr = 0 as VirtAddr;
export const noMachAddr: MachAddr = 0 as MachAddr;

export function toPfn(number: u64): Pfn {
  return number as Pfn;
}

export function toMfn(number: u64): Mfn {
  return number as Mfn;
}

export function toVirtAddr(address: u64): VirtAddr {
  return address as VirtAddr;
}

export function pfnNumber(frame: Pfn): u64 {
  return frame as u64;
}

export function mfnNumber(frame: Mfn): u64 {
  return frame as u64;
}

export function virtNumber(address: VirtAddr): u64 {
  return address as u64;
}

export function machNumber(address: MachAddr): u64 {
  return address as u64;
}

/** The address of a frame's first byte. */
export function frameAddress(frame: Mfn): MachAddr {
  return ((frame as u64) << pageShift) as MachAddr;
}

/** The frame that holds a machine address. */
export function frameOf(address: MachAddr): Mfn {
  return ((address as u64) >> pageShift) as Mfn;
}
