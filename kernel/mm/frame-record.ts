/** What the frame allocator knows of a frame. */

export const enum FrameState {
  /** Not the allocator's: a hole, or not opened yet. All zero, as fresh records are. */
  Absent,
  /** In use since before there was an allocator. */
  Boot,
  /** The first of 2^order free frames. */
  Free,
  /** The first of 2^order frames that somebody has. */
  Used,
  /** Free, and in no list: the next single frame that is asked for. */
  Kept,
  /** Belongs to the block that an earlier frame begins. */
  Inside,
  /** The domain has none there: a page of a peer is to come, and nothing else may. */
  Expected,
}

/** Two of them fill a cache line's quarter: 16 bytes for 4096 are 0.4 % of memory. */
@struct({ size: 16 })
export class FrameRecord {
  /** Neighbours in the list of free blocks of one size; 0 is none, since frame 0 is never free. */
  next: u32 = 0;
  previous: u32 = 0;
  state: u8 = 0;
  order: u8 = 0;
  owner: u8 = 0;
  /** 1: nobody has the block any more, and it is free as soon as no peer can reach it. */
  abandoned: u8 = 0;
  /** Peers that may reach into the block: it is not free before they are done. */
  grants: u32 = 0;
}
