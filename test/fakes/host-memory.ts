/** Frames of a program on Linux: 8 MiB of its own, for allocators that do not mind where their memory is. */
import { addressOf } from "xenlet:unsafe";
import { FrameRecord } from "../../kernel/mm/frame-record.ts";
import { FrameAllocator, type FrameSource } from "../../kernel/mm/frames.ts";
import type { FrameView } from "../../kernel/mm/heap.ts";
import { Owner } from "../../kernel/mm/owner.ts";
import { pfnNumber, toPfn, type Pfn } from "../../kernel/xen-abi/addresses.ts";

export const hostFrameCount = 2048;

@struct({ align: 4096 })
class Page {
  readonly words = new FixedArray<u64, 512>();
}

@struct
class HostFrames implements FrameView {
  addressOfFrame(frame: Pfn): u64 {
    return addressOf(memory) + pfnNumber(frame) * 4096;
  }

  frameOfAddress(address: u64): Pfn {
    return toPfn((address - addressOf(memory)) / 4096);
  }
}

/** Gives the allocator what the test has prepared, a piece each time. */
@struct
export class Pieces implements FrameSource {
  next: u64 = 0;
  end: u64 = 0;
  step: u64 = 512;

  grow(): boolean {
    if (this.next >= this.end) return false;
    hostAllocator.add(this.next, this.next + this.step);
    this.next += this.step;
    return true;
  }
}

const memory = new FixedArray<Page, 2048>();
export const records = new FixedArray<FrameRecord, 2048>();
export const hostFrames = new HostFrames();
export const pieces = new Pieces();
export const hostAllocator = new FrameAllocator(records, pieces);

/** Frame 0 is in use, `ready` more are free, the rest comes when it is asked for. */
export function startHostMemory(ready: u64): void {
  hostAllocator.reserve(0, 1, Owner.Boot);
  hostAllocator.add(1, ready);
  pieces.next = ready;
  pieces.end = hostFrameCount;
}
