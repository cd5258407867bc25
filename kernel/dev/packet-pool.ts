/** All buffers for frames: a fixed number, so that what peers send cannot take more. */
import { bufferBytes, Checksum, type FrameQueue, type PacketBuffer } from "./packet.ts";

@struct
export class PacketPool {
  firstFree: PacketBuffer | null = null;
  free: usize = 0;
  total: usize = 0;
  /** The fewest that were ever free. */
  lowest: usize = 0;
  /** How often there was none to be had. */
  refusals: u64 = 0;

  /** Adds a buffer that has its memory: one page, aligned to its size. */
  add(buffer: PacketBuffer): void {
    assert((buffer.memory?.length ?? 0) === bufferBytes, "a buffer is one page");
    buffer.number = this.total as u32;
    this.total++;
    this.lowest++;
    this.putBack(buffer);
  }

  /** An empty buffer, its bytes to begin at `start`; null where that would leave fewer than `reserve` to others. */
  take(start: usize, reserve: usize): PacketBuffer | null {
    const buffer = this.firstFree;
    if (buffer === null || this.free <= reserve) {
      this.refusals++;
      return null;
    }
    this.firstFree = buffer.next;
    this.free--;
    this.lowest = min<usize>(this.lowest, this.free);
    buffer.isFree = false;
    buffer.next = null;
    buffer.start = start;
    buffer.end = start;
    return buffer;
  }

  /** Takes back a frame: all of its buffers. */
  give(frame: PacketBuffer): void {
    for (let buffer: PacketBuffer | null = frame; buffer !== null;) {
      const next: PacketBuffer | null = buffer.next;
      this.putBack(buffer);
      buffer = next;
    }
  }

  /** Takes back all frames of a queue. */
  giveAll(frames: FrameQueue): void {
    for (let frame = frames.pop(); frame !== null; frame = frames.pop()) this.give(frame);
  }

  putBack(buffer: PacketBuffer): void {
    assert(!buffer.isFree, "a buffer is given back once");
    buffer.isFree = true;
    buffer.checksum = Checksum.Unknown;
    buffer.following = null;
    buffer.next = this.firstFree;
    this.firstFree = buffer;
    this.free++;
  }

  /** Whether those that keep received frames for a while should drop them: a quarter is left to devices and answers. */
  isScarce(): boolean {
    return this.free * 4 < this.total;
  }
}
