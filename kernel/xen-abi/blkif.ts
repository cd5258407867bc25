/** io/blkif.h: disks. What the ring between a disk's two ends carries. */
import { noGrantRef, type GrantRef } from "./grant-table.ts";

/** What is asked. @xenConstants BLKIF_OP_ io/blkif.h */
export const enum BlkifOp {
  Read = 0,
  Write = 1,
  /** A write, or nothing, that comes after all writes before it and before all after it. */
  WriteBarrier = 2,
  /** What the disk has cached is to be written. */
  FlushDiskcache = 3,
  Discard = 5,
  /** A read or write whose segments lie in pages of their own. */
  Indirect = 6,
}

/** What became of it. @xenConstants BLKIF_RSP_ io/blkif.h */
export const enum BlkifRsp {
  Okay = 0,
  Error = -1,
  Eopnotsupp = -2,
}

/** Bits of the back end's node `info`. @xenConstants VDISK_ io/blkif.h */
export const enum VdiskFlag {
  Cdrom = 1,
  Removable = 2,
  Readonly = 4,
}

/** `BLKIF_MAX_SEGMENTS_PER_REQUEST`. */
export const directSegments = 11;
/** How many segments one page of descriptors has room for. */
export const segmentsPerPage = 512;

/**
 * The unit of `sector_number`, of segments and of the node `sectors`: Linux counts so whatever the node `sector-size` says,
 * and so do back ends towards who does not set `feature-large-sector-size`.
 */
export const sectorBytes = 512;

/** A page, or a part of one. @xen blkif_request_segment io/blkif.h */
@struct({ size: 8 })
export class BlkifSegment {
  @offset(0) gref: GrantRef = noGrantRef;
  /** Of the page's sectors the first and the last one that are meant. */
  @offset(4) firstSect: u8 = 0;
  @offset(5) lastSect: u8 = 0;
}

/** @xen blkif_request io/blkif.h */
@struct({ size: 112 })
export class BlkifRequest {
  /** A `BlkifOp`. */
  @offset(0) operation: u8 = 0;
  @offset(1) nrSegments: u8 = 0;
  /** The disk's virtual device number. */
  @offset(2) handle: u16 = 0;
  /** Comes back with the response. */
  @offset(8) id: u64 = 0;
  @offset(16) sectorNumber: u64 = 0;
  @offset(24) readonly seg = new FixedArray<BlkifSegment, 11>();
}

/** @xen blkif_request_indirect io/blkif.h */
@struct({ size: 64 })
export class BlkifRequestIndirect {
  /** `BlkifOp.Indirect`. */
  @offset(0) operation: u8 = 0;
  /** Read or write. */
  @offset(1) indirectOp: u8 = 0;
  @offset(2) nrSegments: u16 = 0;
  @offset(8) id: u64 = 0;
  @offset(16) sectorNumber: u64 = 0;
  @offset(24) handle: u16 = 0;
  /** The pages that hold the segments. */
  @offset(28) readonly indirectGrefs = new FixedArray<GrantRef, 8>();
}

/** One page of segments. @xen none an array of blkif_request_segment */
@struct({ size: 4096 })
export class BlkifSegmentPage {
  @offset(0) readonly seg = new FixedArray<BlkifSegment, 512>();
}

/** A request's slot. @xen none the kinds of requests that one slot of the ring can hold */
@union({ size: 112 })
export class BlkifSlot {
  readonly direct = new BlkifRequest();
  readonly indirect = new BlkifRequestIndirect();
}

/** @xen blkif_response io/blkif.h */
@struct({ size: 16 })
export class BlkifResponse {
  @offset(0) id: u64 = 0;
  @offset(8) operation: u8 = 0;
  /** A `BlkifRsp`. */
  @offset(10) status: i16 = 0;
}
