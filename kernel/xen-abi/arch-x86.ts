/** arch-x86/xen.h and arch-x86/xen-x86_64.h: what of Xen's interface is particular to 64-bit x86. */
import { noMfn, noVirtAddr, type Mfn, type VirtAddr } from "./addresses.ts";

/** `FLAT_KERNEL_CS64`: the code selector of guest code, ring 3. */
export const flatKernelCodeSelector = 0xe033;

/** Where Xen lives in every address space (`HYPERVISOR_VIRT_START` and `_END`). */
export const hypervisorStart = 0xffff800000000000;
export const hypervisorEnd = 0xffff880000000000;
/** The m2p table, readable by every guest: one pseudo-physical frame number for each machine frame. */
export const machineToPhysStart = 0xffff800000000000;
export const machineToPhysEnd = 0xffff804000000000;

/** Bits of `TrapInfo.flags` (`TI_SET_DPL`, `TI_SET_IF`). */
export const enum TrapFlag {
  /** The outermost ring that may raise the vector with an `int` instruction. */
  FromRing3 = 3,
  /** Events are masked when the handler starts. */
  MaskEvents = 4,
}

/**
 * One line of the virtual IDT; a table ends with a line whose address is 0.
 * @xen trap_info arch-x86/xen.h
 */
@struct({ size: 16 })
export class TrapInfo {
  @offset(0) vector: u8 = 0;
  @offset(1) flags: u8 = 0;
  @offset(2) cs: u16 = 0;
  @offset(8) address: VirtAddr = noVirtAddr;
}

/** @xen arch_vcpu_info arch-x86/xen-x86_64.h */
@struct({ size: 16 })
export class ArchVcpuInfo {
  /** The address of the last page fault. */
  @offset(0) cr2: u64 = 0;
  @offset(8) pad: u64 = 0;
}

/** @xen arch_shared_info arch-x86/xen.h */
@struct({ size: 48 })
export class ArchSharedInfo {
  @offset(0) maxPfn: u64 = 0;
  @offset(8) pfnToMfnFrameListList: Mfn = noMfn;
  @offset(16) nmiReason: u64 = 0;
  @offset(24) p2mCr3: u64 = 0;
  @offset(32) p2mVaddr: u64 = 0;
  @offset(40) p2mGeneration: u64 = 0;
}
