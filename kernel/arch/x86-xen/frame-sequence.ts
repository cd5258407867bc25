/** The frames behind a range of pages, one after the other. */
import { mfnNumber, toMfn, type Mfn } from "../../xen-abi/addresses.ts";
import { invalidEntry } from "../../xen-abi/memory.ts";

/** No frame: the page stays unmapped. */
export function noFrame(): Mfn {
  return toMfn(invalidEntry);
}

export function isFrame(frame: Mfn): boolean {
  return mfnNumber(frame) !== invalidEntry;
}

export interface FrameSequence {
  /** The frame of page `index` of the range, or none. */
  frameAt(index: u64): Mfn;
}

/** Frames from a list. */
@struct
export class ListedFrames implements FrameSequence {
  readonly list: Slice<Mfn>;

  constructor(list: Slice<Mfn>) {
    this.list = list;
  }

  frameAt(index: u64): Mfn {
    return this.list[index];
  }
}

/** The same frame for every page: a window, or one page alone. */
@struct
export class OneFrame implements FrameSequence {
  readonly frame: Mfn;

  constructor(frame: Mfn) {
    this.frame = frame;
  }

  frameAt(index: u64): Mfn {
    return this.frame;
  }
}
