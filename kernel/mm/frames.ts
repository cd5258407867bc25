/**
 * The frame allocator: blocks of 1 to 512 frames that lie one after the other, by the buddy method.
 *
 * It starts with what the bootstrap mapping leaves over, and asks for more when that runs short, 2 MiB at a time, so that
 * booting costs the same at any size of memory. What it keeps is in an array of records, which grows along; holes are
 * records that stay zero. Whoever gives it memory needs frames for that (tables, records): a reserve is kept for it.
 */
import { toPfn, pfnNumber, type Pfn } from "../xen-abi/addresses.ts";
import { MemoryFault } from "../lib/memory-fault.ts";
import { FrameState, type FrameRecord } from "./frame-record.ts";
import { Owner } from "./owner.ts";

/** log2 of the largest block: 2 MiB, which is what one page table maps. */
export const largestOrder = 9;
/** Frames that only more memory may be made of. */
const reserveFrames = 16;

/** Single frames that are kept apart: most requests are for one, and splitting and joining blocks for it is a waste. */
const keptLimit = 32;

/** No frame: the answer of `blockOf` for what nobody has. */
const noBlock = 0xffffffffffffffff;

/** Where more frames come from. */
export interface FrameSource {
  /** Gives the allocator another piece of memory by `add`; false when all is given. */
  grow(): boolean;
}

@struct
export class FrameAllocator {
  /** One for every frame of the domain; those of frames that were not added are not touched. */
  records: Slice<FrameRecord>;
  source: FrameSource;
  /** First block of each free list. */
  readonly heads = new FixedArray<u32, 10>();
  /** Frames in the free lists. */
  free: u64 = 0;
  /** Frames that the allocator was given. */
  total: u64 = 0;
  /** Frames of each owner. */
  readonly owned = new FixedArray<u64, 19>();
  /** Ways in which peers can reach blocks. */
  granted: u64 = 0;
  /** Places where pages of peers are to come. */
  expected: u64 = 0;
  /** Requests that could not be met. */
  failed: u64 = 0;
  /** For tests: how many requests succeed before all others fail. */
  allowance: u64 = 0xffffffffffffffff;
  growing: boolean = false;
  /** Free frames that belong to no list; the one that came last goes first, since caches know it. */
  readonly kept = new FixedArray<u32, 32>();
  keptCount: usize = 0;

  constructor(records: Slice<FrameRecord>, source: FrameSource) {
    this.records = records;
    this.source = source;
  }

  /** Frames `first` to `end` are free. They are not in use, and their records are zero. */
  add(first: u64, end: u64): void {
    let at: u64 = first;
    while (at < end) {
      let order: u32 = at === 0 ? largestOrder : min<u32>(lowestBit(at), largestOrder);
      while (at + framesOf(order) > end) order--;
      this.put(at, order);
      at += framesOf(order);
    }
    this.total += end - first;
  }

  /** Frames `first` to `end` are in use already, and are not given out. */
  reserve(first: u64, end: u64, owner: Owner): void {
    for (let at: u64 = first; at < end; at++) {
      const record = this.records[at];
      record.state = FrameState.Boot as u8;
      record.owner = owner as u8;
    }
    this.owned[owner] += end - first;
    this.total += end - first;
  }

  /** Frames `first` to `end`, which were reserved for `owner`, are not in use any more. */
  unreserve(first: u64, end: u64): void {
    for (let at: u64 = first; at < end; at++) {
      const record = this.records[at];
      assert(record.state === FrameState.Boot, "the frame was reserved");
      this.owned[record.owner]--;
      this.join(at, 0);
    }
  }

  /** One frame, with whatever stands in it. @allocates */
  allocate(owner: Owner): Result<Pfn, MemoryFault> {
    if (this.keptCount === 0 || this.allowance === 0 || this.isShort(0)) return this.allocateBlock(0, owner);
    this.keptCount--;
    this.free--;
    return ok(this.hand(this.kept[this.keptCount], 0, owner));
  }

  /** 2^order frames one after the other, the first one's number a multiple of that. @allocates */
  allocateBlock(order: u32, owner: Owner): Result<Pfn, MemoryFault> {
    if (order > largestOrder) return err(MemoryFault.TooLarge);
    if (this.allowance === 0) return this.fail();
    let from: u32 = this.smallestList(order);
    while (from > largestOrder || this.isShort(order)) {
      if (!this.growOnce()) break;
      from = this.smallestList(order);
    }
    if (from > largestOrder) {
      this.joinKept();
      from = this.smallestList(order);
    }
    if (from > largestOrder) return this.fail();
    const block: u64 = this.heads[from];
    this.unlist(block);
    for (; from > order; from--) this.put(block + framesOf(from - 1), from - 1);
    return ok(this.hand(block, order, owner));
  }

  /** Meets a request by this block. */
  hand(block: u64, order: u32, owner: Owner): Pfn {
    this.own(block, order, owner);
    this.allowance--;
    return toPfn(block);
  }

  /** From here on the block is `owner`'s. */
  own(block: u64, order: u32, owner: Owner): void {
    const record = this.records[block];
    record.state = FrameState.Used as u8;
    record.order = order as u8;
    record.owner = owner as u8;
    record.grants = 0;
    record.abandoned = 0;
    this.owned[owner] += framesOf(order);
  }

  /** Whether only the reserve is left; who makes more memory, and is asking now, may use it. */
  isShort(order: u32): boolean {
    return !this.growing && this.free < reserveFrames + framesOf(order);
  }

  /** Gives a block back. What a peer can still reach stays where it is. */
  release(frame: Pfn): Result<undefined, MemoryFault> {
    const block = pfnNumber(frame);
    if (!this.isUsed(block)) return err(MemoryFault.NotAllocated);
    const record = this.records[block];
    if (record.grants > 0) return err(MemoryFault.StillGranted);
    const order: u32 = record.order;
    this.owned[record.owner] -= framesOf(order);
    if (order === 0 && this.keptCount < keptLimit) {
      record.state = FrameState.Kept as u8;
      this.kept[this.keptCount] = block as u32;
      this.keptCount++;
      this.free++;
    } else {
      this.join(block, order);
    }
    return ok();
  }

  /** Whether a frame can leave the domain: it was given out by itself, and no peer can reach it. */
  mayLeave(frame: Pfn): Result<undefined, MemoryFault> {
    const number = pfnNumber(frame);
    if (!this.isUsed(number) || this.records[number].order > 0) return err(MemoryFault.NotAllocated);
    return this.records[number].grants === 0 ? ok() : err(MemoryFault.StillGranted);
  }

  /** It leaves. */
  withdraw(frame: Pfn): void {
    assert(this.mayLeave(frame).ok, "nobody else has it");
    const record = this.records[pfnNumber(frame)];
    this.owned[record.owner]--;
    record.state = FrameState.Absent as u8;
    this.total--;
  }

  /** A page of a peer is to take the place of a single frame that left; nobody else fills it. */
  expect(frame: Pfn): void {
    this.expected++;
    this.records[pfnNumber(frame)].state = FrameState.Expected as u8;
  }

  isExpected(frame: Pfn): boolean {
    return this.records[pfnNumber(frame)].state === FrameState.Expected;
  }

  /** It is not to come any more. */
  forget(frame: Pfn): void {
    assert(this.isExpected(frame), "a page was to come there");
    this.expected--;
    this.records[pfnNumber(frame)].state = FrameState.Absent as u8;
  }

  /** It has come, and is `owner`'s. */
  receive(frame: Pfn, owner: Owner): void {
    this.forget(frame);
    this.total++;
    this.own(pfnNumber(frame), 0, owner);
  }

  /** A single frame has come, or come back; it is mapped, and its record is there. */
  putBack(frame: Pfn): void {
    this.total++;
    this.join(pfnNumber(frame), 0);
  }

  /** Puts a block back, as one with the free blocks beside it. */
  join(from: u64, fromOrder: u32): void {
    let block: u64 = from;
    let order: u32 = fromOrder;
    for (; order < largestOrder; order++) {
      const buddy: u64 = block ^ framesOf(order);
      if (buddy >= this.records.length) break;
      const other = this.records[buddy];
      if (other.state !== FrameState.Free || other.order !== order) break;
      this.unlist(buddy);
      this.records[max<u64>(block, buddy)].state = FrameState.Inside as u8;
      block = min<u64>(block, buddy);
    }
    this.put(block, order);
  }

  /** The frames that were kept apart may make larger blocks. */
  joinKept(): void {
    while (this.keptCount > 0) {
      this.keptCount--;
      this.free--; // join() adds it again
      this.join(this.kept[this.keptCount], 0);
    }
  }

  /** As `release`, at once or as soon as no peer can reach it any more; whether it was at once. */
  releaseWhenEnded(frame: Pfn): Result<boolean, MemoryFault> {
    const released = this.release(frame);
    if (released.ok) return ok(true);
    if (released.error !== MemoryFault.StillGranted) return err(released.error);
    this.records[pfnNumber(frame)].abandoned = 1;
    return ok(false);
  }

  /**
   * A peer may reach `frame` from now on: the block that it is part of cannot be given back. The first frame of that block,
   * which is what `endGrant` takes.
   */
  grant(frame: Pfn): Result<Pfn, MemoryFault> {
    const first = this.blockOf(pfnNumber(frame));
    if (first === noBlock) return err(MemoryFault.NotAllocated);
    this.records[first].grants++;
    this.granted++;
    return ok(toPfn(first));
  }

  /** Xen has confirmed that one such peer cannot any more. */
  endGrant(first: Pfn): void {
    const record = this.records[pfnNumber(first)];
    assert(record.state === FrameState.Used && record.grants > 0, "the frame is granted");
    record.grants--;
    this.granted--;
    if (record.grants > 0 || record.abandoned === 0) return;
    const released = this.release(first);
    assert(released.ok, "nothing keeps a block that no peer can reach");
  }

  /** The first frame of the block that somebody has, and `frame` is part of; none where nobody has it. */
  blockOf(frame: u64): u64 {
    if (this.isUsed(frame)) return frame;
    for (let order: u32 = 1; order <= largestOrder; order++) {
      const first: u64 = frame & ~(framesOf(order) - 1);
      if (this.isUsed(first) && this.records[first].order >= order) return first;
    }
    return noBlock;
  }

  /** Who has the block that begins with `frame`; `Owner.Free` where none does. */
  ownerOf(frame: Pfn): Owner {
    const number = pfnNumber(frame);
    return this.isUsed(number) ? (this.records[number].owner as Owner) : Owner.Free;
  }

  /** Whether `frame` begins a block that was given out. */
  isUsed(number: u64): boolean {
    return number < this.records.length && this.records[number].state === FrameState.Used;
  }

  /** Asks for more memory, once; false where there is no more. Also for idle time. */
  growOnce(): boolean {
    if (this.growing) return false;
    this.growing = true;
    const more = this.source.grow();
    this.growing = false;
    return more;
  }

  /** The smallest order from `order` on that has a free block; more than the largest where there is none. */
  smallestList(order: u32): u32 {
    let from: u32 = order;
    while (from <= largestOrder && this.heads[from] === 0) from++;
    return from;
  }

  fail(): Result<Pfn, MemoryFault> {
    this.failed++;
    return err(MemoryFault.OutOfMemory);
  }

  /** Puts a block at the front of its list. */
  put(block: u64, order: u32): void {
    const record = this.records[block];
    const second = this.heads[order];
    record.state = FrameState.Free as u8;
    record.order = order as u8;
    record.owner = Owner.Free as u8;
    record.previous = 0;
    record.next = second;
    if (second !== 0) this.records[second].previous = block as u32;
    this.heads[order] = block as u32;
    this.free += framesOf(order);
  }

  /** Takes a free block out of its list; its state is the caller's business. */
  unlist(block: u64): void {
    const record = this.records[block];
    if (record.previous === 0) this.heads[record.order] = record.next;
    else this.records[record.previous].next = record.next;
    if (record.next !== 0) this.records[record.next].previous = record.previous;
    this.free -= framesOf(record.order);
  }
}

/** Frames in a block of `order`. */
export function framesOf(order: u32): u64 {
  const one: u64 = 1;
  return one << order;
}
