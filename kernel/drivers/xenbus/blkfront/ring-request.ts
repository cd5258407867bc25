/** How a chunk stands in the ring: its pages as segments, in the request itself or in a page of their own (io/blkif.h). */
import { BlockOperation } from "../../../dev/block.ts";
import {
  BlkifOp,
  directSegments,
  sectorBytes,
  segmentsPerPage,
  type BlkifSlot,
} from "../../../xen-abi/blkif.ts";
import { grantRefNumber } from "../../../xen-abi/grant-table.ts";
import type { Chunk } from "./chunk.ts";
import type { DataPages } from "./data-pages.ts";

const pageBytes = 4096;
const lastSector = 7;

/** How many pages `bytes` take. */
export function pagesFor(bytes: u64): u32 {
  return ((bytes + pageBytes - 1) / pageBytes) as u32;
}

/** Whether so many pages need one more for their segments. */
export function needsSegmentPage(pages: u32): boolean {
  return pages > directSegments;
}

/** Reads and writes keep their number in Xen's interface; what a flush is called depends on the back end. */
export function ringOperation(operation: BlockOperation, flush: BlkifOp): BlkifOp {
  switch (operation) {
    case BlockOperation.Read:
      return BlkifOp.Read;
    case BlockOperation.Write:
      return BlkifOp.Write;
    case BlockOperation.Flush:
      return flush;
  }
}

/** Puts a chunk, whose pages it has, into a slot. */
export function writeRequest(
  slot: Shared<BlkifSlot>,
  chunk: Chunk,
  id: u64,
  operation: BlkifOp,
  handle: u16,
  pages: DataPages,
): void {
  const count = pagesFor(chunk.bytes);
  if (!needsSegmentPage(count)) {
    const request = slot.direct;
    request.operation.store(operation as u32 as u8, "relaxed");
    request.nrSegments.store(count as u8, "relaxed");
    request.handle.store(handle, "relaxed");
    request.id.store(id, "relaxed");
    request.sectorNumber.store(chunk.sector, "relaxed");
    writeDirectSegments(slot, chunk, pages);
    return;
  }
  const request = slot.indirect;
  request.operation.store(BlkifOp.Indirect, "relaxed");
  request.indirectOp.store(operation as u32 as u8, "relaxed");
  request.nrSegments.store(count as u16, "relaxed");
  request.handle.store(handle, "relaxed");
  request.id.store(id, "relaxed");
  request.sectorNumber.store(chunk.sector, "relaxed");
  request.indirectGrefs.at(0).store(pages.page(chunk.segmentPage).ref, "relaxed");
  writeSegmentPage(chunk, pages);
}

function writeDirectSegments(slot: Shared<BlkifSlot>, chunk: Chunk, pages: DataPages): void {
  let page = chunk.dataPages;
  let left: u64 = chunk.bytes;
  for (let i: usize = 0; left > 0; i++) {
    const data = pages.page(page);
    const segment = slot.direct.seg.at(i);
    segment.gref.store(data.ref, "relaxed");
    segment.firstSect.store(0, "relaxed");
    segment.lastSect.store(lastSectorOf(left), "relaxed");
    left -= min<u64>(left, pageBytes);
    page = data.next;
  }
}

/** The back end reads the page when it sees the request: what is written here comes before the ring's index. */
function writeSegmentPage(chunk: Chunk, pages: DataPages): void {
  const memory = pages.page(chunk.segmentPage).memory!;
  let page = chunk.dataPages;
  let left: u64 = chunk.bytes;
  for (let i: usize = 0; left > 0; i++) {
    assert(i < segmentsPerPage, "one page has room for all segments of a request");
    const data = pages.page(page);
    memory.writeU32le(i * 8, grantRefNumber(data.ref));
    memory.writeU32le(i * 8 + 4, (lastSectorOf(left) as u32) << 8); // first_sect is 0
    left -= min<u64>(left, pageBytes);
    page = data.next;
  }
}

/** The last sector of a page in which the last `left` bytes of a chunk begin. */
function lastSectorOf(left: u64): u8 {
  return left >= pageBytes ? lastSector : ((left / sectorBytes - 1) as u8);
}
