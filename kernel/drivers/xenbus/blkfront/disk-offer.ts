/** What a back end says of its disk, and what becomes of that. */
import type { DiskShape } from "../../../dev/block.ts";
import { BlkifOp, directSegments, VdiskFlag } from "../../../xen-abi/blkif.ts";

/** Ring pages that we want, and the most there are: two pages have 64 slots. */
export const wantedRingOrder = 1;
/** Pages that we put into one request at most: 256 KiB. */
const wantedSegments = 64;
const largestBlock = 4096;
/** Above this, the disk's last byte has no 64-bit address. */
const mostSectors = 1 << 54;

/** What is wrong with a disk. */
export const enum ShapeFault {
  /** The disk has no sector, or more than can be counted in bytes. */
  Sectors,
  /** `sector-size` is no power of two from 512 to 4096. */
  SectorSize,
  /** The disk is not a whole number of blocks. */
  Fraction,
}

/** The words for a refusal; each is followed by what was read. */
export function describeShapeFault(fault: ShapeFault): string {
  switch (fault) {
    case ShapeFault.Sectors:
      return "sectors: expected 1 to 2^54";
    case ShapeFault.SectorSize:
      return "sector-size: expected a power of two from 512 to 4096";
    case ShapeFault.Fraction:
      return "sectors: expected a multiple of sector-size";
  }
}

/** The disk that the nodes `sectors`, `sector-size` and `info` describe. Sectors are 512 bytes long whatever `sector-size` says. */
export function judgeShape(sectors: u64, sectorSize: u64, info: u64): Result<DiskShape, ShapeFault> {
  if (sectorSize < 512 || sectorSize > largestBlock || popCount(sectorSize) !== 1)
    return err(ShapeFault.SectorSize);
  if (sectors === 0 || sectors > mostSectors) return err(ShapeFault.Sectors);
  if (((sectors * 512) & (sectorSize - 1)) !== 0) return err(ShapeFault.Fraction);
  return ok({
    sectors,
    blockBytes: sectorSize as u32,
    isReadOnly: (info & VdiskFlag.Readonly) !== 0,
    isRemovable: (info & VdiskFlag.Removable) !== 0,
    isCdrom: (info & VdiskFlag.Cdrom) !== 0,
  });
}

/** The order of the ring, from the node `max-ring-page-order`. */
export function chooseRingOrder(most: u64): u32 {
  return min<u64>(most, wantedRingOrder) as u32;
}

/** How many pages a request has at most, from `feature-max-indirect-segments`; 0 where the node is missing. */
export function chooseSegments(indirect: u64): u32 {
  return max<u64>(directSegments, min<u64>(indirect, wantedSegments)) as u32;
}

/** What a flush is called; `Read` where there is nothing to flush. */
export function chooseFlush(flush: u64, barrier: u64): BlkifOp {
  if (flush === 1) return BlkifOp.FlushDiskcache;
  return barrier === 1 ? BlkifOp.WriteBarrier : BlkifOp.Read;
}
