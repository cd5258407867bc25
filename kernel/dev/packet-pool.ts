/** All buffers for frames: a fixed number, so that what peers send cannot take more. */
import { bufferBytes, Checksum, frameLength, type FrameQueue, type PacketBuffer } from "./packet.ts";

/** Who waits for buffers. */
export interface BufferTarget {
  /** There are enough. Called while somebody gives one back, so this only wakes whoever is to take them. */
  buffersCameBack(): void;
}

/** One that waits: part of whoever does, and lives as long as the pool. */
@struct
export class BufferWait {
  isWaiting: boolean = false;
  /** So many are to be free. */
  level: usize = 0;
  target: BufferTarget | null = null;
  next: BufferWait | null = null;
}

const nobodyWaits: usize = 0xffffffffffffffff;

@struct
export class PacketPool {
  firstFree: PacketBuffer | null = null;
  free: usize = 0;
  total: usize = 0;
  /** The fewest that were ever free. */
  lowest: usize = 0;
  /** How often there was none to be had. */
  refusals: u64 = 0;
  waiting: BufferWait | null = null;
  /** The lowest level at which somebody who waits is to be told. */
  lowestLevel: usize = nobodyWaits;

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

  /** Puts all of a frame into its first buffer, and takes back the others; what is longer than a page stays as it is. */
  gather(frame: PacketBuffer): void {
    const others = frame.next;
    if (others === null || frameLength(frame) > bufferBytes) return;
    const memory = frame.memory!;
    memory.copyFrom(frame.bytes());
    frame.checksumStart -= frame.start;
    frame.end -= frame.start;
    frame.start = 0;
    for (let piece: PacketBuffer | null = others; piece !== null; piece = piece.next) {
      memory.slice(frame.end).copyFrom(piece.bytes());
      frame.end += piece.length();
    }
    frame.next = null;
    this.give(others);
  }

  putBack(buffer: PacketBuffer): void {
    assert(!buffer.isFree, "a buffer is given back once");
    buffer.isFree = true;
    buffer.checksum = Checksum.Unknown;
    buffer.following = null;
    buffer.next = this.firstFree;
    this.firstFree = buffer;
    this.free++;
    if (this.free >= this.lowestLevel) this.tell();
  }

  /** `target` is told once: as soon as a buffer has come back, and `level` are free. */
  tellWhen(wait: BufferWait, level: usize, target: BufferTarget): void {
    if (wait.isWaiting) return;
    wait.isWaiting = true;
    wait.level = level;
    wait.target = target;
    this.enlist(wait);
  }

  /** Whether somebody waits for buffers. */
  isAwaited(): boolean {
    return this.waiting !== null;
  }

  enlist(wait: BufferWait): void {
    wait.next = this.waiting;
    this.waiting = wait;
    this.lowestLevel = min<usize>(this.lowestLevel, wait.level);
  }

  tell(): void {
    let wait = this.waiting;
    this.waiting = null;
    this.lowestLevel = nobodyWaits;
    while (wait !== null) {
      const next: BufferWait | null = wait.next;
      if (wait.level > this.free) this.enlist(wait);
      else {
        wait.isWaiting = false;
        wait.target!.buffersCameBack();
      }
      wait = next;
    }
  }

  /** Whether those that keep received frames for a while should drop them: a quarter is left to devices and answers. */
  isScarce(): boolean {
    return this.free * 4 < this.total;
  }
}
