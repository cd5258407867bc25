/** What tasks have asked a disk for, in the order in which they asked. */
import {
  BlockFault,
  BlockOperation,
  toBlockTicket,
  blockTicketNumber,
  type BlockTicket,
} from "../../../dev/block.ts";

export const enum RequestState {
  Free,
  /** Some of it has not been answered. */
  Pending,
  /** Its task has not looked yet. */
  Done,
}

@struct
export class DiskRequest {
  state: RequestState = RequestState.Free;
  operation: BlockOperation = BlockOperation.Read;
  hasFailed: boolean = false;
  fault: BlockFault = BlockFault.Failed;
  /** Counts how often the place was used: part of the ticket. */
  generation: u32 = 0;
  sector: u64 = 0;
  /** Null where there is nothing to carry. */
  buffer: Slice<u8> | null = null;
  bytes: u64 = 0;
  /** Bytes, from the start, that are in chunks. */
  issued: u64 = 0;
  /** Bytes that were not answered yet. */
  unanswered: u64 = 0;
  /** The one that was asked for next. */
  next: DiskRequest | null = null;
}

const placeBits = 8;

/** The places for requests, and those that are not wholly in chunks yet, the oldest first. */
@struct
export class RequestTable {
  places: Slice<DiskRequest> | null = null;
  first: DiskRequest | null = null;
  last: DiskRequest | null = null;
  /** Places that are not free. */
  used: u32 = 0;

  /** Takes over `places`, all zero; at most 256. */
  start(places: Slice<DiskRequest>): void {
    assert(places.length <= 1 << placeBits, "a ticket has room for every place");
    this.places = places;
    this.first = null;
    this.last = null;
    this.used = 0;
  }

  isFull(): boolean {
    return this.used === this.places!.length;
  }

  /** Puts a request behind the others; there must be a free place. */
  add(operation: BlockOperation, sector: u64, buffer: Slice<u8>): BlockTicket {
    const places = this.places!;
    let place: usize = 0;
    while (places[place].state !== RequestState.Free) place++;
    const request = places[place];
    request.state = RequestState.Pending;
    request.operation = operation;
    request.hasFailed = false;
    request.generation++;
    request.sector = sector;
    request.buffer = buffer;
    request.bytes = buffer.length;
    request.issued = 0;
    request.unanswered = buffer.length;
    request.next = null;
    this.used++;
    if (this.last === null) this.first = request;
    else this.last.next = request;
    this.last = request;
    return toBlockTicket(((request.generation as u64) << placeBits) | place);
  }

  /** The oldest one is wholly in chunks. */
  removeFirst(): void {
    const request = this.first;
    assert(request !== null, "there is a first one");
    this.first = request.next;
    if (this.first === null) this.last = null;
  }

  /** The request of a ticket that was not given back. */
  find(ticket: BlockTicket): DiskRequest {
    const number = blockTicketNumber(ticket);
    const request = this.places![number & ((1 << placeBits) - 1)];
    assert(
      request.state !== RequestState.Free && request.generation === number >> placeBits,
      "a ticket is good until it was waited for",
    );
    return request;
  }

  /** Says what became of it, and makes its place free. */
  take(request: DiskRequest): Result<undefined, BlockFault> {
    assert(request.state === RequestState.Done, "it is done");
    request.state = RequestState.Free;
    request.buffer = null;
    this.used--;
    return request.hasFailed ? err(request.fault) : ok();
  }

  /** Every request that is not done has failed. */
  failAll(fault: BlockFault): void {
    for (const request of this.places!) {
      if (request.state !== RequestState.Pending) continue;
      request.state = RequestState.Done;
      request.hasFailed = true;
      request.fault = fault;
    }
    this.first = null;
    this.last = null;
  }
}

/** Bytes of requests that follow each other, from some place in the first one on. */
@struct
export class RequestCursor {
  request: DiskRequest;
  offset: u64;

  constructor(request: DiskRequest, offset: u64) {
    this.request = request;
    this.offset = offset;
  }

  /** The next bytes that lie in one piece, at least one and at most `limit`. There must be some. */
  next(limit: u64): Slice<u8> {
    if (this.offset === this.request.bytes) {
      this.request = this.request.next!;
      this.offset = 0;
    }
    const start = this.offset;
    this.offset += min<u64>(limit, this.request.bytes - start);
    return this.request.buffer!.slice(start, this.offset);
  }
}

/** `bytes` of it were answered; whether that was the last of it. */
export function answered(request: DiskRequest, bytes: u64, failed: boolean): boolean {
  if (failed) {
    request.hasFailed = true;
    request.fault = BlockFault.Failed;
  }
  request.unanswered -= bytes;
  if (request.unanswered > 0) return false;
  request.state = RequestState.Done;
  return true;
}
