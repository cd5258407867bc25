/**
 * The kernel's memory as a whole: who introduces frames, page tables and the pte queue to each other.
 *
 * Only what booting needs is mapped at first. The direct map grows by 2 MiB whenever the allocator runs short, and in idle
 * time (`growMemory`).
 */
import { addressOf, sliceAt } from "xenlet:unsafe";
import { adoptBootstrap, bootstrapFrameCount, kernelAddress } from "../arch/x86-xen/kernel-frames.ts";
import { isFrame, ListedFrames } from "../arch/x86-xen/frame-sequence.ts";
import { bootstrapFrame, imageRegion, kernelBase } from "../arch/x86-xen/memory-map.ts";
import { directMapBase, frameRecordsBase } from "../arch/x86-xen/memory-layout.ts";
import {
  adoptP2m,
  announceP2m,
  DomainFrames,
  hasPfn,
  mfnOf,
  p2mLength,
  p2mTreeFrames,
  pfnOf,
} from "../arch/x86-xen/p2m.ts";
import { writable } from "../arch/x86-xen/page-entry.ts";
import { isPresent } from "../arch/x86-xen/page-table-entry.ts";
import { PageTables, type TableFrames } from "../arch/x86-xen/pagetable.ts";
import { PteLock, PteQueue } from "../arch/x86-xen/pte-queue.ts";
import { XenMmu } from "../arch/x86-xen/xen-mmu.ts";
import { MemoryFault } from "../lib/memory-fault.ts";
import { panic } from "../lib/panic.ts";
import {
  noMfn,
  pageSize,
  pfnNumber,
  toPfn,
  toVirtAddr,
  virtNumber,
  type Mfn,
  type Pfn,
  type VirtAddr,
} from "../xen-abi/addresses.ts";
import { describeErrno, type Errno } from "../xen-abi/errno.ts";
import { isFirstDomain } from "../arch/x86-xen/start-info.ts";
import type { StartInfo } from "../xen-abi/xen.ts";
import { FrameRecord } from "./frame-record.ts";
import { FrameAllocator, type FrameSource } from "./frames.ts";
import { Owner } from "./owner.ts";

/** Frames that become known at once: what one page table of the direct map maps. */
const chunkFrames = 512;
/** Pages of records for that many. */
const recordPages = (chunkFrames * 16) / pageSize;
/** What fits between the start of the bootstrap mapping and the end of all addresses: 2 GiB. */
const bootstrapLimit = 0x80000;

/** Frames for page tables: from the rest of the bootstrap mapping until the allocator stands, then from there. */
@struct
class TableSource implements TableFrames {
  /** Frames of the bootstrap mapping that nobody uses yet: `next` up to `end`. */
  next: u64 = 0;
  end: u64 = 0;

  allocateTable(): Result<Mfn, MemoryFault> {
    const frame = this.end > 0 ? this.takeEarly(1) : frames.allocate(Owner.PageTables);
    if (!frame.ok) return err(frame.error);
    clearFrame(frame.value);
    return ok(mfnOf(frame.value));
  }

  releaseTable(table: Mfn): void {
    const frame = pfnOf(table);
    if (frames.ownerOf(frame) !== Owner.Free) {
      const released = frames.release(frame);
      assert(released.ok, "a page table is a frame of its own");
    } else {
      frames.unreserve(pfnNumber(frame), pfnNumber(frame) + 1); // the builder's
    }
  }

  aliasOf(table: Mfn): VirtAddr {
    return kernelAddress(pfnOf(table));
  }

  /** The first of `count` frames. */
  takeEarly(count: u64): Result<Pfn, MemoryFault> {
    if (this.end - this.next < count) return err(MemoryFault.OutOfMemory);
    this.next += count;
    return ok(toPfn(this.next - count));
  }
}

/** Opens the domain's memory piece by piece, from the end of the bootstrap mapping on. */
@struct
class DirectMap implements FrameSource {
  nextChunk: u64 = 0;

  /** @allocates */
  grow(): boolean {
    for (; this.nextChunk * chunkFrames < p2mLength(); this.nextChunk++) {
      const first: u64 = max<u64>(this.nextChunk * chunkFrames, bootstrapFrameCount());
      const end: u64 = min<u64>((this.nextChunk + 1) * chunkFrames, p2mLength());
      if (!anyFrame(first, end)) continue;
      if (!this.open(first, end)) return false;
      this.nextChunk++;
      return true;
    }
    return false;
  }

  open(first: u64, end: u64): boolean {
    using lock = new PteLock(pteQueue);
    if (!mapRecords(this.nextChunk)) return false;
    const start = toVirtAddr(directMapBase + first * pageSize);
    const chunk = new DomainFrames(toPfn(first));
    const mapped = tables.map(tables.kernelRoot, start, end - first, chunk, writable);
    pteQueue.flush(); // the records, and what they are about, are used from here on
    if (mapped.ok) addRuns(first, end);
    return mapped.ok;
  }
}

const xenMmu = new XenMmu();
const tableSource = new TableSource();
const directMap = new DirectMap();
/** Until memory is known. */
const noRecords = new FixedArray<FrameRecord, 1>();

/** The one queue to the page tables. */
export const pteQueue = new PteQueue(xenMmu, stopAtRefusal);
/** The kernel's own page tables. */
export const tables = new PageTables(pteQueue, tableSource, noMfn);
/** All frames of the domain. */
export const frames = new FrameAllocator(noRecords, directMap);

/**
 * Takes over the memory that the builder describes. Afterwards frames, page tables and the queue can be used. Needs the
 * shared info page. @allocates
 */
export function startMemory(info: StartInfo): void {
  adoptP2m(info);
  adoptBootstrap(info.nrPages); // for the walk below: the builder's tables lie in its mapping
  const root = mfnOf(bootstrapFrame(info.ptBase));
  tables.kernelRoot = root;
  tables.currentRoot = root;
  const firstFree = firstFreeFrame(info);
  const end = endOfBootstrap(firstFree, info.nrPages);
  adoptBootstrap(end);
  tableSource.next = firstFree;
  tableSource.end = end;

  const chunks: u64 = (end + chunkFrames - 1) / chunkFrames;
  const records = mapFirstRecords(chunks);
  frames.records = sliceAt<FrameRecord>(frameRecordsBase, p2mLength());
  frames.reserve(0, firstFree, Owner.Boot);
  frames.reserve(records, records + chunks * recordPages, Owner.FrameRecords);
  frames.reserve(records + chunks * recordPages, tableSource.next, Owner.PageTables);
  frames.add(tableSource.next, end);
  directMap.nextChunk = end / chunkFrames;
  tableSource.end = 0;
}

/** Opens another 2 MiB, for idle time: false when all memory is mapped. @allocates */
export function growMemory(): boolean {
  return frames.growOnce();
}

/** Whether some memory is not mapped yet. */
export function isMemoryLeft(): boolean {
  return directMap.nextChunk * chunkFrames < p2mLength();
}

/** From this frame on nothing is mapped, and the allocator knows of nothing. */
export function firstUnopened(): u64 {
  return max<u64>(directMap.nextChunk * chunkFrames, bootstrapFrameCount());
}

/** Maps the record of a frame that came later, unless it is there: false where there is no memory for that. @allocates */
export function mapFrameRecords(frame: Pfn): boolean {
  return mapRecords(pfnNumber(frame) / chunkFrames);
}

/** Whether anything is known of the frame: of those in memory that was never opened, nothing is. */
export function hasFrameRecords(frame: Pfn): boolean {
  return isPresent(tables.plan(tables.kernelRoot, recordsOf(pfnNumber(frame) / chunkFrames)));
}

/** Tells the toolstack where the p2m list is: for dumps, saving and migration. @allocates */
export function announceMemory(): Result<undefined, MemoryFault> {
  const wanted = p2mTreeFrames();
  const list = new FixedArray<Pfn, 513>();
  const addresses = new FixedArray<VirtAddr, 513>();
  for (let at: u64 = 0; at < wanted; at++) {
    const frame = frames.allocate(Owner.P2m);
    if (!frame.ok) {
      releaseAll(list.slice(0, at));
      return err(frame.error);
    }
    list[at] = frame.value;
    addresses[at] = kernelAddress(frame.value);
  }
  announceP2m(list.slice(0, wanted), addresses.slice(0, wanted));
  return ok();
}

function releaseAll(list: Slice<Pfn>): void {
  for (const frame of list) {
    const released = frames.release(frame);
    assert(released.ok, "it was allocated just now");
  }
}

/** Everything of the builder's is packed from frame 0 on; behind the last of it begins what nobody uses. */
function firstFreeFrame(info: StartInfo): u64 {
  let end: u64 = imageRegion().end;
  end = max<u64>(end, virtNumber(info.mfnList) + info.nrPages * 8);
  end = max<u64>(end, virtNumber(info.ptBase) + info.nrPtFrames * pageSize);
  end = max<u64>(end, addressOf(info) + pageSize);
  if (info.modLen > 0 && info.modStart >= kernelBase) end = max<u64>(end, info.modStart + info.modLen);
  let frame: u64 = (end - kernelBase + pageSize - 1) / pageSize;
  if (!isFirstDomain(info)) {
    frame = max<u64>(frame, frameAfter(info.storeMfn));
    frame = max<u64>(frame, frameAfter(info.console.domU.mfn));
  }
  return frame;
}

/** For a ring that the builder made in a frame of ours. */
function frameAfter(ring: Mfn): u64 {
  const frame = pfnOf(ring);
  return hasPfn(frame) ? pfnNumber(frame) + 1 : 0;
}

/** The bootstrap mapping has no holes, so its end is found by halving. */
function endOfBootstrap(mapped: u64, limit: u64): u64 {
  let low: u64 = mapped;
  let high: u64 = min<u64>(limit, bootstrapLimit);
  while (low < high) {
    const middle: u64 = low + (high - low) / 2;
    const address = toVirtAddr(kernelBase + middle * pageSize);
    if (isPresent(tables.plan(tables.kernelRoot, address))) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Makes the tables that all address spaces will share, and maps the first records; the first frame of these. */
function mapFirstRecords(chunks: u64): u64 {
  using lock = new PteLock(pteQueue);
  const taken = tableSource.takeEarly(chunks * recordPages);
  if (!taken.ok) panic("the bootstrap mapping has no room for the first frame records");
  const first = taken.value;
  for (let page: u64 = 0; page < chunks * recordPages; page++) clearFrame(toPfn(pfnNumber(first) + page));
  const span: u64 = 0x8000000000;
  const directEnd: u64 = directMapBase + p2mLength() * pageSize;
  for (let base: u64 = directMapBase; base < directEnd; base += span) shareRegion(base);
  const list = new DomainFrames(first); // stacks, windows and tests are below the same top entry as the records
  const mapped = tables.map(
    tables.kernelRoot,
    toVirtAddr(frameRecordsBase),
    chunks * recordPages,
    list,
    writable,
  );
  if (!mapped.ok) panic("the bootstrap mapping has no room for the first page tables");
  return pfnNumber(first);
}

/** The top entry of the region never changes any more: each new address space copies it. */
function shareRegion(base: u64): void {
  const made = tables.tableFor(tables.kernelRoot, base, 3);
  if (!made.ok) panic("the bootstrap mapping has no room for the first page tables");
}

/** Where the records of a chunk are. */
function recordsOf(chunk: u64): VirtAddr {
  return toVirtAddr(frameRecordsBase + chunk * recordPages * pageSize);
}

/** The records of a chunk, unless they are there. */
function mapRecords(chunk: u64): boolean {
  const start = recordsOf(chunk);
  if (isPresent(tables.plan(tables.kernelRoot, start))) return true;
  const list = new FixedArray<Mfn, 2>();
  for (let page: usize = 0; page < recordPages; page++) {
    const frame = frames.allocate(Owner.FrameRecords);
    if (!frame.ok) return false;
    clearFrame(frame.value);
    list[page] = mfnOf(frame.value);
  }
  const pair = new ListedFrames(list);
  const mapped = tables.map(tables.kernelRoot, start, recordPages, pair, writable);
  return mapped.ok;
}

/** Gives every frame between `first` and `end` that the domain has to the allocator. */
function addRuns(first: u64, end: u64): void {
  let at: u64 = first;
  while (at < end) {
    if (!isFrame(mfnOf(toPfn(at)))) {
      at++;
      continue;
    }
    let after: u64 = at + 1;
    while (after < end && isFrame(mfnOf(toPfn(after)))) after++;
    frames.add(at, after);
    at = after;
  }
}

function anyFrame(first: u64, end: u64): boolean {
  for (let at: u64 = first; at < end; at++) {
    if (isFrame(mfnOf(toPfn(at)))) return true;
  }
  return false;
}

/** Fills a frame with zeros. */
export function clearFrame(frame: Pfn): void {
  sliceAt<u64>(virtNumber(kernelAddress(frame)), 512).fill(0);
}

/** Xen refuses only what breaks its rules, and the kernel knows them: this is a defect of ours. */
function stopAtRefusal(what: string, where: u64, value: u64, errno: Errno): void {
  panic(`Xen refused a ${what}: ${describeErrno(errno)} (0x${hex(where)}, 0x${hex(value)})`);
}
