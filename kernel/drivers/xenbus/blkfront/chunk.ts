/**
 * What goes to the back end as one request: a stretch of the disk, made of one or more tasks' requests that follow each other
 * there, or of a part of one. Each has a place in a table; the id that the back end sends back names the place and counts its
 * uses, so that an answer that comes twice, or to nothing, is found out.
 */
import { BlockOperation } from "../../../dev/block.ts";
import { dataPageLimit, noPage } from "./data-pages.ts";
import type { DiskRequest } from "./disk-request.ts";

export const enum ChunkState {
  Free,
  /** Sent; the answer has not come. */
  Sent,
  /** Sent to a back end that is no more: to be sent again. */
  Again,
}

@struct
export class Chunk {
  state: ChunkState = ChunkState.Free;
  operation: BlockOperation = BlockOperation.Read;
  place: u32 = 0;
  /** Counts the uses of the place. */
  generation: u32 = 0;
  /** Chunks are sent again in the order in which they were made. */
  serial: u64 = 0;
  sector: u64 = 0;
  bytes: u64 = 0;
  /** The request that it begins in, and where; the others follow in their list. Null while it is free. */
  first: DiskRequest | null = null;
  offset: u64 = 0;
  /** The list of its pages, and the page of their segments where there are many. */
  dataPages: u32 = 0;
  segmentPage: u32 = 0;
  nextFree: Chunk | null = null;
}

/** Requests of tasks that a disk can have at once. */
export const diskDepth = 64;
/**
 * A chunk that is sent again may be split, as often as a back end starts anew and takes less at once. But all chunks together
 * never have more data than the pages once held, and each has a page of its own or is the flush of some request.
 */
export const chunkLimit = dataPageLimit + diskDepth;
const placeBits = 16;

@struct
export class ChunkTable {
  places: Slice<Chunk> | null = null;
  firstFree: Chunk | null = null;
  sent: u32 = 0;
  again: u32 = 0;
  nextSerial: u64 = 0;

  /** Takes over `places`, all zero; see `chunkLimit`. */
  start(places: Slice<Chunk>): void {
    assert(places.length <= 1 << placeBits, "an id has room for every place");
    this.places = places;
    this.firstFree = null;
    this.sent = 0;
    this.again = 0;
    for (const [place, chunk] of places.entries()) {
      chunk.place = place as u32;
      this.free(chunk);
    }
  }

  free(chunk: Chunk): void {
    chunk.state = ChunkState.Free;
    chunk.first = null;
    chunk.dataPages = noPage;
    chunk.segmentPage = noPage;
    chunk.nextFree = this.firstFree;
    this.firstFree = chunk;
  }

  take(): Chunk {
    const chunk = this.firstFree;
    assert(chunk !== null, "there is a place for every page and every flush");
    this.firstFree = chunk.nextFree;
    return chunk;
  }

  /** A chunk of `bytes` that begins at `offset` of `first`. */
  add(first: DiskRequest, offset: u64, bytes: u64): Chunk {
    const chunk = this.take();
    chunk.operation = first.operation;
    chunk.serial = this.nextSerial;
    this.nextSerial++;
    chunk.sector = first.sector + offset / 512;
    chunk.bytes = bytes;
    chunk.first = first;
    chunk.offset = offset;
    return chunk;
  }

  /** It is sent now: gives the id that its answer must have. */
  send(chunk: Chunk): u64 {
    if (chunk.state === ChunkState.Again) this.again--;
    chunk.state = ChunkState.Sent;
    chunk.generation++;
    this.sent++;
    return ((chunk.generation as u64) << placeBits) | chunk.place;
  }

  /** The chunk whose answer has this id, if one waits for it. */
  find(id: u64): Chunk | null {
    const place: u64 = id & ((1 << placeBits) - 1);
    const places = this.places!;
    if (place >= places.length) return null;
    const chunk = places[place];
    return chunk.state === ChunkState.Sent && chunk.generation === id >> placeBits ? chunk : null;
  }

  /** No answer will come any more: what was sent is to be sent again. */
  forgetAnswers(): void {
    for (const chunk of this.places!) {
      if (chunk.state !== ChunkState.Sent) continue;
      chunk.state = ChunkState.Again;
      chunk.dataPages = noPage;
      chunk.segmentPage = noPage;
      this.again++;
    }
    this.sent = 0;
  }

  /** Of those that are to be sent again the one that was made first. */
  oldestAgain(): Chunk | null {
    let oldest: Chunk | null = null;
    if (this.again === 0) return oldest;
    for (const chunk of this.places!) {
      if (chunk.state === ChunkState.Again && (oldest === null || chunk.serial < oldest.serial))
        oldest = chunk;
    }
    return oldest;
  }

  /** Leaves `bytes` in a chunk that is to be sent again; the rest of it, which begins in `first` at `offset`, becomes one as well. */
  split(chunk: Chunk, bytes: u64, first: DiskRequest, offset: u64): void {
    const rest = this.take();
    rest.state = ChunkState.Again;
    this.again++;
    rest.operation = chunk.operation;
    rest.serial = chunk.serial; // before all that come after `chunk`, which is sent now
    rest.sector = chunk.sector + bytes / 512;
    rest.bytes = chunk.bytes - bytes;
    rest.first = first;
    rest.offset = offset;
    chunk.bytes = bytes;
  }

  /** Nothing of it is wanted any more. */
  clear(): void {
    for (const chunk of this.places!) {
      if (chunk.state !== ChunkState.Free) this.free(chunk);
    }
    this.sent = 0;
    this.again = 0;
  }
}
