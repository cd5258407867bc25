/** Where things lie in the kernel's address space. linker.ld and head.S say the same, and the link fails where they differ. */
import { symbolAddress } from "xenlet:unsafe";
import {
  pageShift,
  pageSize,
  pfnNumber,
  toPfn,
  toVirtAddr,
  virtNumber,
  type Pfn,
  type VirtAddr,
} from "../../xen-abi/addresses.ts";

/** The bootstrap mapping: pseudo-physical frame 0 is here, the next frames behind it. */
export const kernelBase = 0xffffffff80000000;

/** `start` up to, and not including, `end`. */
export type Region = { readonly start: u64; readonly end: u64 };

/** Everything that was linked. */
export function imageRegion(): Region {
  return { start: kernelBase, end: symbolAddress("__end") };
}

/** Instructions. */
export function textRegion(): Region {
  return { start: symbolAddress("__text_start"), end: symbolAddress("__text_end") };
}

/** The stubs of entry.S: a return address in here belongs to an interrupted instruction. */
export function trapTextRegion(): Region {
  return { start: symbolAddress("__trap_text_start"), end: symbolAddress("__trap_text_end") };
}

/** The stack that everything runs on at this step. */
export function bootStackRegion(): Region {
  return { start: symbolAddress("boot_stack"), end: symbolAddress("boot_stack_top") };
}

export function lineTableRegion(): Region {
  return { start: symbolAddress("__line_table_start"), end: symbolAddress("__line_table_end") };
}

export function contains(region: Region, address: u64): boolean {
  return address >= region.start && address < region.end;
}

/** The address of a frame in the bootstrap mapping. */
export function bootstrapAddress(frame: Pfn): VirtAddr {
  return toVirtAddr(kernelBase + pfnNumber(frame) * pageSize);
}

/** The frame behind an address of the bootstrap mapping. */
export function bootstrapFrame(address: VirtAddr): Pfn {
  return toPfn((virtNumber(address) - kernelBase) >> pageShift);
}
