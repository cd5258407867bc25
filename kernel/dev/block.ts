/** What a disk can do, whoever is behind it. */

/** The unit in which places on a disk and lengths are counted, whatever the disk itself works in. */
export const sectorBytes = 512;

export const enum BlockOperation {
  Read,
  Write,
  /** What was written before is on the disk when this is done; without a buffer. */
  Flush,
}

/** Why a request was not done. */
export const enum BlockFault {
  /** Past the end of the disk. */
  OutOfRange,
  /** Not whole blocks of the disk. */
  Misaligned,
  ReadOnly,
  /** The disk says that it failed. */
  Failed,
  /** There is no such disk any more. */
  Gone,
}

export function describeBlockFault(fault: BlockFault): string {
  switch (fault) {
    case BlockFault.OutOfRange:
      return "past the end of the disk";
    case BlockFault.Misaligned:
      return "not whole blocks of the disk";
    case BlockFault.ReadOnly:
      return "the disk is read-only";
    case BlockFault.Failed:
      return "the disk failed";
    case BlockFault.Gone:
      return "the disk is gone";
  }
}

export type DiskShape = {
  /** Of 512 bytes each. */
  readonly sectors: u64;
  /** Bytes of which every request is a multiple, in place and length; a power of two from 512 to 4096. */
  readonly blockBytes: u32;
  readonly isReadOnly: boolean;
  readonly isRemovable: boolean;
  readonly isCdrom: boolean;
};

/** A request under way; good until it was waited for. */
export type BlockTicket = Nominal<u64, "BlockTicket">;
export const noTicket: BlockTicket = 0 as BlockTicket;

export function toBlockTicket(number: u64): BlockTicket {
  return number as BlockTicket;
}

export function blockTicketNumber(ticket: BlockTicket): u64 {
  return ticket as u64;
}

/** Tasks use a disk through this: many requests may be under way, and they may end in any order. */
export interface BlockDevice {
  /** "xvda". */
  name(): Slice<u8>;
  shape(): DiskShape;
  /** How many requests can be queued and not waited for yet. */
  depth(): u32;
  /**
   * Queues a request from `sector` on, for all of `buffer`, which must stay until the request was waited for. Waits while
   * `depth` requests are queued: whoever queues so many must wait for one of them first, or another task must. @blocks
   */
  queue(operation: BlockOperation, sector: u64, buffer: Slice<u8>): Result<BlockTicket, BlockFault>;
  /** Begins what is queued. What was queued together may go to the disk as one. */
  start(): void;
  /** Begins what is queued, and waits until `ticket` is done; also where the task is asked to end. @blocks */
  wait(ticket: BlockTicket): Result<undefined, BlockFault>;
}

/** Does one request, and waits for it. @blocks */
export function transfer(
  disk: BlockDevice,
  operation: BlockOperation,
  sector: u64,
  buffer: Slice<u8>,
): Result<undefined, BlockFault> {
  const queued = disk.queue(operation, sector, buffer);
  return queued.ok ? disk.wait(queued.value) : err(queued.error);
}

/** Whether a request fits the disk. */
export function judgeRequest(
  shape: DiskShape,
  operation: BlockOperation,
  sector: u64,
  bytes: u64,
): Result<undefined, BlockFault> {
  if (operation === BlockOperation.Flush) return bytes === 0 ? ok() : err(BlockFault.Misaligned);
  if (operation === BlockOperation.Write && shape.isReadOnly) return err(BlockFault.ReadOnly);
  const mask: u64 = shape.blockBytes - 1;
  if (bytes === 0 || (bytes & mask) !== 0) return err(BlockFault.Misaligned);
  if (((sector * sectorBytes) & mask) !== 0) return err(BlockFault.Misaligned);
  if (sector >= shape.sectors || bytes / sectorBytes > shape.sectors - sector)
    return err(BlockFault.OutOfRange);
  return ok();
}
