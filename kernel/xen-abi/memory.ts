/** memory.h: how much memory a domain has, and where Xen's table of machine frames lies. */
import type { Mfn } from "./addresses.ts";
import { domIdSelf, type DomId } from "./domain.ts";

/** `XENMEM_*`. */
export const enum MemoryOp {
  /** Takes extents away from the domain. */
  DecreaseReservation = 1,
  /** Pages that the domain has. */
  CurrentReservation = 3,
  /** Pages that it may have. */
  MaximumReservation = 4,
  /** Gives extents, at pseudo-physical places that the domain chooses. */
  PopulatePhysmap = 6,
  MachphysMapping = 12,
}

/** What the p2m list holds for a frame that the domain does not have (`INVALID_MFN`, all ones). */
export const invalidEntry = 0xffffffffffffffff;

/** @xen xen_memory_reservation memory.h */
@struct({ size: 32 })
export class MemoryReservation {
  /** Address of an array of frame numbers, one for each extent. */
  @offset(0) extentStart: u64 = 0;
  @offset(8) nrExtents: u64 = 0;
  /** log2 of the frames in an extent. */
  @offset(16) extentOrder: u32 = 0;
  @offset(20) memFlags: u32 = 0;
  @offset(24) domid: DomId = domIdSelf;
}

/** @xen xen_machphys_mapping memory.h */
@struct({ size: 24 })
export class MachphysMapping {
  @offset(0) vStart: u64 = 0;
  @offset(8) vEnd: u64 = 0;
  @offset(16) maxMfn: u64 = 0;
}

/** One page of frame numbers, as the frame lists for the toolstack and the p2m list itself are made of. */
export type FrameList = FixedArray<Mfn, 512>;
