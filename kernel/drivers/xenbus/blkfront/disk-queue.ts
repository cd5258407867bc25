/**
 * The way of a request, both directions: tasks' requests become chunks, chunks go into the ring, answers come out of it and end
 * requests. It knows of no event channel and no xenstore, so all of it runs on the host as well. Nothing here waits.
 */
import { BlockFault, BlockOperation } from "../../../dev/block.ts";
import { BlkifOp, BlkifResponse, BlkifRsp, directSegments, type BlkifSlot } from "../../../xen-abi/blkif.ts";
import { SlotRing, type IndexFault } from "../slot-ring.ts";
import { ChunkTable, type Chunk } from "./chunk.ts";
import { DataPages, noPage } from "./data-pages.ts";
import { answered, RequestCursor, RequestTable, type DiskRequest } from "./disk-request.ts";
import { needsSegmentPage, pagesFor, ringOperation, writeRequest } from "./ring-request.ts";

const pageBytes = 4096;

/** How the two ends have agreed to talk. */
export type DiskTerms = {
  /** The virtual device number's low half, as requests carry it. */
  readonly handle: u16;
  /** The most pages of one request. */
  readonly maxSegments: u32;
  /** What a flush is called; `Read` where there is nothing to flush. */
  readonly flush: BlkifOp;
};

/** An answer that no honest back end gives. */
export type BadAnswer =
  | { readonly kind: "index"; readonly fault: IndexFault }
  | { readonly kind: "id"; readonly got: u64 }
  | { readonly kind: "operation"; readonly expected: u32; readonly got: u32 };

@struct
export class DiskQueue {
  readonly requests = new RequestTable();
  readonly chunks = new ChunkTable();
  readonly pages = new DataPages();
  readonly ring = new SlotRing<BlkifSlot, BlkifResponse>();
  terms: DiskTerms = { handle: 0, maxSegments: directSegments, flush: BlkifOp.Read };
  /** There is a back end that takes requests. */
  isOpen: boolean = false;
  /** Tasks' requests that were done, and what they became. */
  finished: u64 = 0;
  sent: u64 = 0;
  sentBytes: u64 = 0;

  /** A back end has taken the ring. What an earlier one left unanswered is sent first. */
  open(terms: DiskTerms): void {
    assert(!this.isOpen, "one back end at a time");
    this.terms = terms;
    this.isOpen = true;
  }

  /** The ring is not used any more, nor are the pages: they go with it. */
  close(): void {
    this.isOpen = false;
    this.chunks.forgetAnswers();
  }

  /** There will be no back end any more. */
  failAll(): void {
    this.chunks.clear();
    this.requests.failAll(BlockFault.Gone);
    this.finished++;
  }

  /** Puts into the ring what fits; whether the back end wants to be told of it. @allocates */
  issue(): boolean {
    if (!this.isOpen) return false;
    while (this.ring.free() > 0) {
      const chunk = this.nextChunk();
      if (chunk === null) break;
      this.send(chunk);
    }
    return this.ring.publish();
  }

  /** Takes every answer that is there. */
  collect(): Result<undefined, BadAnswer> {
    if (!this.isOpen) return ok();
    const there = this.ring.look();
    if (!there.ok) return err({ kind: "index", fault: there.error });
    const response = new BlkifResponse();
    while (this.ring.take(response)) {
      const judged = this.judge(response);
      if (!judged.ok) return judged;
    }
    return ok();
  }

  /** Whether there is nothing to collect; then the back end rings when there is. An index that is wrong is something. */
  hasNone(): boolean {
    if (!this.isOpen) return true;
    const there = this.ring.awaitNotice();
    return there.ok && there.value === 0;
  }

  /** The next chunk, with room for it in pages; null where there is nothing to send, or no page to send it with. */
  nextChunk(): Chunk | null {
    const again = this.chunks.oldestAgain();
    if (again !== null) return this.cut(again);
    for (let head = this.requests.first; head !== null; head = this.requests.first) {
      if (head.operation !== BlockOperation.Flush) return this.form(head);
      this.requests.removeFirst();
      if (this.terms.flush !== BlkifOp.Read) return this.chunks.add(head, 0, 0);
      this.end(head, 0, false);
    }
    return null;
  }

  /** A chunk that is sent again, as long as this back end takes. */
  cut(chunk: Chunk): Chunk | null {
    if (chunk.operation === BlockOperation.Flush) return chunk;
    const room = this.roomFor(chunk.bytes);
    if (room === 0) return null;
    if (room < chunk.bytes) {
      const cursor = new RequestCursor(chunk.first!, chunk.offset);
      for (let left: u64 = room; left > 0;) left -= cursor.next(left).length;
      this.chunks.split(chunk, room, cursor.request, cursor.offset);
    }
    return chunk;
  }

  /** Makes a chunk of the oldest request, and of those behind it that go on where it ends. */
  form(head: DiskRequest): Chunk | null {
    const most: u64 = (this.terms.maxSegments as u64) * pageBytes;
    let stretch: u64 = head.bytes - head.issued;
    let last = head;
    while (stretch < most) {
      const next: DiskRequest | null = last.next;
      if (next === null || !follows(last, next)) break;
      stretch += next.bytes;
      last = next;
    }
    const room = this.roomFor(min<u64>(stretch, most));
    if (room === 0) return null;
    const chunk = this.chunks.add(head, head.issued, room);
    for (let left: u64 = room; left > 0;) {
      const request = this.requests.first!;
      const part = min<u64>(left, request.bytes - request.issued);
      request.issued += part;
      left -= part;
      if (request.issued === request.bytes) this.requests.removeFirst();
    }
    return chunk;
  }

  /** How many of `bytes` there are pages for, within what the back end takes. @allocates */
  roomFor(bytes: u64): u64 {
    const wanted = min<u32>(pagesFor(bytes), this.terms.maxSegments);
    const there = this.pages.prepare(needsSegmentPage(wanted) ? wanted + 1 : wanted);
    const forData: u32 = needsSegmentPage(there)
      ? max<u32>(min<u32>(wanted, there - 1), directSegments)
      : there;
    return min<u64>(bytes, (forData as u64) * pageBytes);
  }

  send(chunk: Chunk): void {
    const count = pagesFor(chunk.bytes);
    if (needsSegmentPage(count)) chunk.segmentPage = this.pages.take();
    chunk.dataPages = this.takePages(count);
    if (chunk.operation === BlockOperation.Write) this.copyIn(chunk);
    const operation = ringOperation(chunk.operation, this.terms.flush);
    const id = this.chunks.send(chunk);
    writeRequest(this.ring.next(), chunk, id, operation, this.terms.handle, this.pages);
    this.sent++;
    this.sentBytes += chunk.bytes;
  }

  /** A list of so many pages. */
  takePages(count: u32): u32 {
    let first: u32 = noPage;
    let last: u32 = noPage;
    for (let i: u32 = 0; i < count; i++) {
      const number = this.pages.take();
      this.pages.page(number).next = noPage;
      if (last === noPage) first = number;
      else this.pages.page(last).next = number;
      last = number;
    }
    return first;
  }

  /** Judges an answer, and ends what it answers. */
  judge(response: BlkifResponse): Result<undefined, BadAnswer> {
    const chunk = this.chunks.find(response.id);
    if (chunk === null) return err({ kind: "id", got: response.id });
    const expected: u32 = ringOperation(chunk.operation, this.terms.flush);
    const got: u32 = response.operation;
    const isIndirect = got === BlkifOp.Indirect && chunk.segmentPage !== noPage; // some answer with that, some with what it does
    if (got !== expected && !isIndirect) return err({ kind: "operation", expected, got });
    this.finish(chunk, response.status);
    return ok();
  }

  finish(chunk: Chunk, status: i16): void {
    let failed = status !== BlkifRsp.Okay;
    if (chunk.operation === BlockOperation.Flush && status === BlkifRsp.Eopnotsupp) {
      // It has said so late, but it may: there is nothing to flush.
      this.terms = { handle: this.terms.handle, maxSegments: this.terms.maxSegments, flush: BlkifOp.Read };
      failed = false;
    }
    if (chunk.operation === BlockOperation.Read && !failed) this.copyOut(chunk);
    this.pages.giveList(chunk.dataPages);
    if (chunk.segmentPage !== noPage) this.pages.give(chunk.segmentPage);
    this.endRequests(chunk, failed);
    this.chunks.sent--;
    this.chunks.free(chunk);
  }

  endRequests(chunk: Chunk, failed: boolean): void {
    if (chunk.bytes === 0) return this.end(chunk.first!, 0, failed);
    const cursor = new RequestCursor(chunk.first!, chunk.offset);
    for (let left: u64 = chunk.bytes; left > 0;) {
      const part = cursor.next(left).length;
      left -= part;
      this.end(cursor.request, part, failed);
    }
  }

  end(request: DiskRequest, bytes: u64, failed: boolean): void {
    if (answered(request, bytes, failed)) this.finished++;
  }

  /** Copies what is to be written into the chunk's pages. */
  copyIn(chunk: Chunk): void {
    const cursor = new RequestCursor(chunk.first!, chunk.offset);
    let left: u64 = chunk.bytes;
    for (let number = chunk.dataPages; number !== noPage; number = this.pages.page(number).next) {
      const memory = this.pages.page(number).memory!;
      const end = min<u64>(left, pageBytes);
      for (let at: u64 = 0; at < end;) {
        const part = cursor.next(end - at);
        memory.slice(at, at + part.length).copyFrom(part);
        at += part.length;
      }
      left -= end;
    }
  }

  /** Copies what was read out of the chunk's pages. */
  copyOut(chunk: Chunk): void {
    const cursor = new RequestCursor(chunk.first!, chunk.offset);
    let left: u64 = chunk.bytes;
    for (let number = chunk.dataPages; number !== noPage; number = this.pages.page(number).next) {
      const memory = this.pages.page(number).memory!;
      const end = min<u64>(left, pageBytes);
      for (let at: u64 = 0; at < end;) {
        const part = cursor.next(end - at);
        part.copyFrom(memory.slice(at, at + part.length));
        at += part.length;
      }
      left -= end;
    }
  }
}

/** Whether a request goes on where another one ends. */
function follows(before: DiskRequest, request: DiskRequest): boolean {
  return request.operation === before.operation && request.sector === before.sector + before.bytes / 512;
}
