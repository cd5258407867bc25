/**
 * The heap: pieces of 16 to 2016 bytes in pages of one size each, and whole blocks of frames for what is larger.
 *
 * A page of pieces begins with what is known of it: whom each piece belongs to, and which are free. So a piece costs two bytes
 * beside itself, giving it back twice is noticed, and a report can say who holds what. Everything is zero when it is given
 * out.
 */
import { addressOf, sliceAt, structAt } from "xenlet:unsafe";
import type { Pfn } from "../xen-abi/addresses.ts";
import { MemoryFault } from "../lib/memory-fault.ts";
import { framesOf, largestOrder, type FrameAllocator } from "./frames.ts";
import { Owner } from "./owner.ts";

const bytesPerPage = 4096;
/** What stands before the notes on each piece. */
const headBytes = 32;
/** A note on each piece: `usedMark` and its owner, or the next free piece. */
const noteBytes = 2;
const usedMark = 0x100;
/** Ends a page's list of free pieces. */
const noPiece = 255;
const classCount = 14;

/** Sizes, so that as much as possible of a page is used: the page divided by 2, 3, 4, 6, 8 and 12 from above. */
const sizes: FixedArray<u16, 14> = [16, 32, 48, 64, 96, 128, 192, 256, 336, 496, 672, 1008, 1344, 2016];

/** The class of each length, in units of 16 bytes. */
// prettier-ignore
const classes: FixedArray<u8, 127> = [0, 0, 1, 2, 3, 4, 4, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7, 8, 8, 8, 8, 8, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13];

/** How the heap sees frames. */
export interface FrameView {
  /** The address of a frame that the allocator gave. */
  addressOfFrame(frame: Pfn): u64;
  /** The frame at such an address. */
  frameOfAddress(address: u64): Pfn;
}

/** The start of a page of pieces. */
@struct({ size: 32 })
class PieceHead {
  /** Other pages of this class that have a free piece. */
  next: PieceHead | null = null;
  previous: PieceHead | null = null;
  used: u16 = 0;
  capacity: u16 = 0;
  /** Bytes from the page's start to its first piece. */
  firstPiece: u16 = 0;
  firstFree: u8 = 0;
  sizeClass: u8 = 0;
  /** Of a piece, in bytes. */
  size: u16 = 0;
}

@struct
export class Heap {
  readonly frames: FrameAllocator;
  readonly view: FrameView;
  /** Pages with a free piece, for each class. */
  readonly open = new FixedArray<PieceHead | null, 14>();
  /** Pieces, and their bytes as they were rounded up, of each owner. */
  readonly pieces = new FixedArray<u64, 19>();
  readonly bytes = new FixedArray<u64, 19>();
  /** Pages that hold pieces. */
  pages: u64 = 0;
  /** For tests: how many requests succeed before all others fail. */
  allowance: u64 = 0xffffffffffffffff;

  constructor(frames: FrameAllocator, view: FrameView) {
    this.frames = frames;
    this.view = view;
  }

  /** `length` bytes for `owner`, zero, aligned to 16 (from 2017 on to a page). @allocates */
  allocate(length: usize, owner: Owner): Result<Slice<u8>, MemoryFault> {
    const address = this.take(length, owner);
    if (!address.ok) return err(address.error);
    const bytes = sliceAt<u8>(address.value, length);
    bytes.fill(0);
    return ok(bytes);
  }

  /** Gives back what `allocate` gave; an error where it did not, or has it back already. */
  release(bytes: Slice<u8>): Result<undefined, MemoryFault> {
    return this.give(addressOf(bytes));
  }

  /** The address of at least `length` bytes, with whatever stands in them. @allocates */
  take(length: usize, owner: Owner): Result<u64, MemoryFault> {
    if (this.allowance === 0) return err(MemoryFault.OutOfMemory);
    this.allowance--;
    if (length > sizes[classCount - 1]) return this.takeBlock(length, owner);
    const sizeClass: u8 = classes[(length + 15) / 16];
    const page = this.openPage(sizeClass);
    if (!page.ok) return err(page.error);
    const head = page.value;
    const size: u64 = head.size;
    const piece = head.firstFree;
    const notes = notesOf(head);
    head.firstFree = notes[piece] as u8;
    notes[piece] = (usedMark | owner) as u16;
    head.used++;
    if (head.firstFree === noPiece) this.close(head);
    this.pieces[owner]++;
    this.bytes[owner] += size;
    return ok(addressOf(head) + head.firstPiece + piece * size);
  }

  /** Gives back what `take` gave. */
  give(address: u64): Result<undefined, MemoryFault> {
    const frame = this.view.frameOfAddress(address);
    const owner = this.frames.ownerOf(frame);
    if (owner === Owner.Free) return err(MemoryFault.NotAllocated);
    if (owner !== Owner.Heap) return this.giveBlock(address, frame, owner);
    const head = structAt<PieceHead>(address & ~(bytesPerPage - 1));
    const size: u64 = head.size;
    const offset: u64 = address & (bytesPerPage - 1);
    if (offset < head.firstPiece || (offset - head.firstPiece) % size !== 0)
      return err(MemoryFault.NotAllocated);
    const piece: u64 = (offset - head.firstPiece) / size;
    const notes = notesOf(head);
    if (piece >= notes.length || notes[piece] < usedMark) return err(MemoryFault.NotAllocated);
    const holder: u32 = notes[piece] & 0xff;
    this.pieces[holder]--;
    this.bytes[holder] -= size;
    notes[piece] = head.firstFree;
    if (head.firstFree === noPiece) this.reopen(head);
    head.firstFree = piece as u8;
    head.used--;
    if (head.used > 0 || this.open[head.sizeClass] === head) return ok(); // one page of each class stays
    this.close(head);
    this.pages--;
    return this.frames.release(frame);
  }

  takeBlock(length: usize, owner: Owner): Result<u64, MemoryFault> {
    let order: u32 = 0;
    while (order <= largestOrder && framesOf(order) * bytesPerPage < length) order++;
    const block = this.frames.allocateBlock(order, owner);
    if (!block.ok) return err(block.error);
    return ok(this.view.addressOfFrame(block.value));
  }

  giveBlock(address: u64, frame: Pfn, owner: Owner): Result<undefined, MemoryFault> {
    return (address & (bytesPerPage - 1)) === 0 ? this.frames.release(frame) : err(MemoryFault.NotAllocated);
  }

  /** A page of the class that has a free piece. */
  openPage(sizeClass: u8): Result<PieceHead, MemoryFault> {
    const found = this.open[sizeClass];
    if (found !== null) return ok(found);
    const frame = this.frames.allocate(Owner.Heap);
    if (!frame.ok) return err(frame.error);
    const size: u64 = sizes[sizeClass];
    const head = structAt<PieceHead>(this.view.addressOfFrame(frame.value));
    head.capacity = capacityFor(size) as u16;
    head.firstPiece = firstPieceFor(head.capacity) as u16;
    head.sizeClass = sizeClass;
    head.size = size as u16;
    head.used = 0;
    head.firstFree = 0;
    const notes = notesOf(head);
    for (let piece = 0; piece < notes.length; piece++) {
      notes[piece] = (piece + 1 < notes.length ? piece + 1 : noPiece) as u16;
    }
    this.pages++;
    this.reopen(head);
    return ok(head);
  }

  /** The page has a free piece again: it comes first. */
  reopen(head: PieceHead): void {
    const second = this.open[head.sizeClass];
    head.previous = null;
    head.next = second;
    if (second !== null) second.previous = head;
    this.open[head.sizeClass] = head;
  }

  /** The page has no free piece any more, or is given back. */
  close(head: PieceHead): void {
    const previous = head.previous;
    const next = head.next;
    if (previous === null) this.open[head.sizeClass] = next;
    else previous.next = next;
    if (next !== null) next.previous = previous;
  }
}

/** How many pieces of `size` fit a page, beside the notes on them. */
function capacityFor(size: u64): u64 {
  let capacity: u64 = min<u64>((bytesPerPage - headBytes) / (size + noteBytes), noPiece);
  while (firstPieceFor(capacity) + capacity * size > bytesPerPage) capacity--;
  return capacity;
}

function firstPieceFor(capacity: u64): u64 {
  return (headBytes + capacity * noteBytes + 15) & ~15;
}

function notesOf(head: PieceHead): Slice<u16> {
  return sliceAt<u16>(addressOf(head) + headBytes, head.capacity);
}
