/**
 * Memory for network frames. A buffer is one page, since a page is what a backend is let into; nothing else lies in it. A
 * frame is a chain of buffers, each with a piece of it; whoever has a frame owns all of its buffers, and passes them on or
 * gives them back. Frames queue up through their first buffers.
 */
import { foldSum, sumBytes, swapSum } from "../lib/internet-checksum.ts";

export const bufferBytes = 4096;

/** What is known of the transport protocol's checksum. */
export const enum Checksum {
  /** Received: nothing. To be sent: it is in place. */
  Unknown,
  /** Received: whoever handed it up vouches for it. */
  Verified,
  /** Only the pseudo-header is summed up, in the field itself; the frame has not been on a wire, or the device completes it. */
  Blank,
}

@struct
export class PacketBuffer {
  /** The page; only ever null where a pool has not been given it. */
  memory: Slice<u8> | null = null;
  /** Which bytes of it are the piece. */
  start: usize = 0;
  end: usize = 0;
  /** The next piece of the same frame. */
  next: PacketBuffer | null = null;
  /** The next frame of a queue; in the first piece of each. */
  following: PacketBuffer | null = null;
  /** In the first piece of a frame. */
  checksum: Checksum = Checksum.Unknown;
  /** Where the checksum is blank in a frame to be sent: the place in the first piece's memory from which on it covers, */
  checksumStart: usize = 0;
  /** and bytes from there to its field. */
  checksumOffset: usize = 0;
  /** Where a frame belongs in something larger, for whoever gathers several. */
  position: u32 = 0;
  /** Pieces that the device has not sent yet; in the first piece of a frame that it has. */
  unsent: u32 = 0;
  /** Which of the pool's buffers it is, counted from 0. */
  number: u32 = 0;
  isFree: boolean = false;

  /** The piece. */
  bytes(): Slice<u8> {
    return this.memory!.slice(this.start, this.end);
  }

  length(): usize {
    return this.end - this.start;
  }

  /** Makes the piece longer at its front, and gives the new part; there must be room. */
  prepend(count: usize): Slice<u8> {
    assert(this.start >= count, "a buffer has room for the headers in front of it");
    this.start -= count;
    return this.memory!.slice(this.start, this.start + count);
  }

  /** Takes bytes off the front. */
  skip(count: usize): void {
    assert(count <= this.length(), "a buffer is not skipped past its end");
    this.start += count;
  }
}

/** Bytes of all pieces. */
export function frameLength(frame: PacketBuffer): usize {
  let length: usize = 0;
  for (let piece: PacketBuffer | null = frame; piece !== null; piece = piece.next) length += piece.length();
  return length;
}

/** Cuts a frame to `length` bytes, which it has; pieces that have nothing left stay, empty. */
export function trimFrame(frame: PacketBuffer, length: usize): void {
  let rest: usize = length;
  for (let piece: PacketBuffer | null = frame; piece !== null; piece = piece.next) {
    const kept = min<usize>(rest, piece.length());
    piece.end = piece.start + kept;
    rest -= kept;
  }
  assert(rest === 0, "a frame is not trimmed to more than it has");
}

/** The sum for the Internet checksum over a frame from byte `from` of its first piece on. */
export function sumFrame(frame: PacketBuffer, from: usize): u32 {
  let sum: u32 = sumBytes(frame.bytes().slice(from));
  let position: usize = frame.length() - from;
  for (let piece = frame.next; piece !== null; piece = piece.next) {
    const part = sumBytes(piece.bytes());
    sum += (position & 1) === 0 ? part : swapSum(part);
    position += piece.length();
  }
  return foldSum(sum);
}

/** Fills in a blank checksum, where the device does not. */
export function completeChecksum(frame: PacketBuffer): void {
  if (frame.checksum !== Checksum.Blank) return;
  const covered: usize = frame.checksumStart - frame.start;
  const sum = sumFrame(frame, covered); // with the pseudo-header's, which stands in the field
  const bytes = frame.bytes().slice(covered);
  bytes.writeU16be(frame.checksumOffset, nonZero(~foldSum(sum) as u16));
  frame.checksum = Checksum.Unknown;
}

/** RFC 768: a UDP checksum of 0 means that there is none. For TCP both mean the same. */
export function nonZero(checksum: u16): u16 {
  return checksum === 0 ? 0xffff : checksum;
}

/** Frames, first in, first out. */
@struct
export class FrameQueue {
  first: PacketBuffer | null = null;
  last: PacketBuffer | null = null;
  count: usize = 0;

  push(frame: PacketBuffer): void {
    frame.following = null;
    const last = this.last;
    if (last === null) this.first = frame;
    else last.following = frame;
    this.last = frame;
    this.count++;
  }

  /** The oldest frame, or null. */
  pop(): PacketBuffer | null {
    const frame = this.first;
    if (frame === null) return null;
    this.first = frame.following;
    if (this.first === null) this.last = null;
    frame.following = null;
    this.count--;
    return frame;
  }

  /** Takes over all frames of another queue; this one is empty before. */
  takeAll(other: FrameQueue): void {
    assert(this.first === null, "frames go to an empty queue");
    this.first = other.first;
    this.last = other.last;
    this.count = other.count;
    other.first = null;
    other.last = null;
    other.count = 0;
  }
}
