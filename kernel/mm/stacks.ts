/**
 * Stacks of tasks. Each lies at the top of a slot of addresses of its own; the slot's lowest page is never mapped, so what
 * grows beyond its stack faults, instead of writing over its neighbour.
 */
import { stackRegionBase, stackRegionEnd } from "../arch/x86-xen/memory-layout.ts";
import { ListedFrames } from "../arch/x86-xen/frame-sequence.ts";
import { writable } from "../arch/x86-xen/page-entry.ts";
import { entryFrame, isPresent } from "../arch/x86-xen/page-table-entry.ts";
import { mfnOf, pfnOf } from "../arch/x86-xen/p2m.ts";
import { PteLock } from "../arch/x86-xen/pte-queue.ts";
import { MemoryFault } from "../lib/memory-fault.ts";
import { pageSize, toVirtAddr, type Mfn } from "../xen-abi/addresses.ts";
import { frames, pteQueue, tables } from "./memory.ts";
import { Owner } from "./owner.ts";

/** A slot's pages; the largest stack has one less. */
const slotPages = 16;
const slotBytes = slotPages * pageSize;
/** Stacks that there can be at once. */
const slotLimit = 4096;
/** Stacks of the usual size that stay mapped for the next task: a task's start and end then cost no hypercall. */
const keptLimit = 8;
export const usualStackPages = 4;

/** Grows down from `top`; below `bottom` lies the guard page. */
export type Stack = { readonly bottom: u64; readonly top: u64 };

/** Slots that were used and are free again: each holds the next one's number. */
const nextFree = new FixedArray<u16, 4096>();
const noSlot = 0xffff;
let firstFree: u16 = noSlot;
/** Slots that were ever used. */
let usedSlots: u16 = 0;
const kept = new FixedArray<u64, 8>();
let keptCount: usize = 0;
let inUse: u64 = 0;

/** A stack of 1 to 15 pages. What stands in it is not cleared. @allocates */
export function allocateStack(pages: u64): Result<Stack, MemoryFault> {
  if (pages === 0 || pages >= slotPages) return err(MemoryFault.TooLarge);
  if (pages === usualStackPages && keptCount > 0) {
    keptCount--;
    inUse++;
    return ok({ bottom: kept[keptCount] - pages * pageSize, top: kept[keptCount] });
  }
  const slot = takeSlot();
  if (slot === noSlot) return err(MemoryFault.OutOfAddresses);
  const top: u64 = stackRegionBase + ((slot as u64) + 1) * slotBytes;
  const mapped = mapStack(top, pages);
  if (!mapped.ok) {
    giveSlot(slot);
    return err(mapped.error);
  }
  inUse++;
  return ok({ bottom: top - pages * pageSize, top });
}

/** Takes a stack back that nobody runs on. */
export function releaseStack(stack: Stack): void {
  assert(isStackAddress(stack.bottom) && stack.top % slotBytes === 0, "it was given out");
  inUse--;
  const pages: u64 = (stack.top - stack.bottom) / pageSize;
  if (pages === usualStackPages && keptCount < keptLimit) {
    kept[keptCount] = stack.top;
    keptCount++;
    return;
  }
  unmapStack(stack.top, pages);
  giveSlot(((stack.top - stackRegionBase) / slotBytes - 1) as u16);
}

/** Stacks that somebody has, and those that are kept for the next one. */
export function stackCounts(): StackCounts {
  return { inUse, kept: keptCount };
}
export type StackCounts = { readonly inUse: u64; readonly kept: u64 };

/** Whether an address that faulted is the guard page of a stack: one that overflowed. */
export function isStackGuard(address: u64): boolean {
  return isStackAddress(address) && (address - stackRegionBase) % slotBytes < pageSize;
}

function isStackAddress(address: u64): boolean {
  return address >= stackRegionBase && address < stackRegionEnd;
}

function mapStack(top: u64, pages: u64): Result<undefined, MemoryFault> {
  const list = new FixedArray<Mfn, 16>();
  for (let page: u64 = 0; page < pages; page++) {
    const frame = frames.allocate(Owner.Stacks);
    if (!frame.ok) {
      releaseFrames(list.slice(0, page));
      return err(frame.error);
    }
    list[page] = mfnOf(frame.value);
  }
  using lock = new PteLock(pteQueue);
  const sequence = new ListedFrames(list);
  const mapped = tables.map(tables.kernelRoot, toVirtAddr(top - pages * pageSize), pages, sequence, writable);
  if (!mapped.ok) releaseFrames(list.slice(0, pages));
  return mapped;
}

function unmapStack(top: u64, pages: u64): void {
  const list = new FixedArray<Mfn, 16>();
  const bottom: u64 = top - pages * pageSize;
  for (let page: u64 = 0; page < pages; page++) {
    const entry = tables.plan(tables.kernelRoot, toVirtAddr(bottom + page * pageSize));
    assert(isPresent(entry), "a stack is mapped as long as it is in use");
    list[page] = entryFrame(entry);
  }
  unmapPages(bottom, pages);
  releaseFrames(list.slice(0, pages));
}

/** The frames are free to be used otherwise when this returns. */
function unmapPages(bottom: u64, pages: u64): void {
  using lock = new PteLock(pteQueue);
  tables.unmap(tables.kernelRoot, toVirtAddr(bottom), pages);
  pteQueue.flush();
}

function releaseFrames(list: Slice<Mfn>): void {
  for (const frame of list) {
    const released = frames.release(pfnOf(frame));
    assert(released.ok, "a stack's frames are its own");
  }
}

function takeSlot(): u16 {
  if (firstFree !== noSlot) {
    const slot = firstFree;
    firstFree = nextFree[slot];
    return slot;
  }
  if (usedSlots === slotLimit) return noSlot;
  usedSlots++;
  return usedSlots - 1;
}

function giveSlot(slot: u16): void {
  nextFree[slot] = firstFree;
  firstFree = slot;
}
