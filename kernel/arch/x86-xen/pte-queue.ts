/**
 * The pte queue: every page-table write, pin and TLB flush of the kernel goes through here and reaches Xen in batches.
 *
 * Requests take effect in the order in which they were made. They reach Xen when the lock is dropped (`PteLock`), when
 * somebody wants to see the entries as they are (`read`), when there is no room left, or, in eager mode, at once.
 * Who decides about a table asks `peek`, which knows what is pending, so that deciding never costs a hypercall.
 */
import { mfnNumber, toVirtAddr, virtNumber, type Mfn, type VirtAddr } from "../../xen-abi/addresses.ts";
import type { Errno } from "../../xen-abi/errno.ts";
import { MmuextCommand, MmuextOp, MmuUpdate, slotNumber, type EntrySlot } from "../../xen-abi/mmu.ts";
import { FlushMode } from "../../xen-abi/xen.ts";
import type { MmuDoor } from "./mmu-door.ts";
import { isPresent, sameEntry } from "./page-table-entry.ts";
import { PendingIndex } from "./pending-index.ts";

/** Entries of a full queue: docs/pte-queue.md shows that larger batches gain nothing. */
const updateLimit = 512;
/** Pins, switches and multicast flushes of one batch; the rest of the array is for this vCPU's own flushes. */
const operationLimit = 16;
/** From this many pages on, one flush of the whole TLB is cheaper than one for each page. */
export const pageFlushLimit = 4;

/** Told of each request that Xen refused; the queue goes on with the next one. */
export type RefusalHandler = (what: string, where: u64, value: u64, errno: Errno) => void;

/** What the queue has done so far. */
@struct
export class PteCounters {
  /** Calls through the door, of any kind. */
  hypercalls: u64 = 0;
  /** Batches that had something to do. */
  flushes: u64 = 0;
  /** Entries that went through the door. */
  entries: u64 = 0;
  /** Of these, the ones that went alone, by `update_va_mapping`. */
  single: u64 = 0;
  /** Pins, unpins, switches, TLB flushes. */
  operations: u64 = 0;
  /** Writes that would not have changed anything. */
  skipped: u64 = 0;
  /** Entries written into tables before they were linked: Xen sees them all at once. */
  stored: u64 = 0;
  /** Flushes before the lock was dropped: the queue was full, */
  full: u64 = 0;
  /** a pending entry was read, */
  readBack: u64 = 0;
  /** or an operation stood between two writes. */
  ordered: u64 = 0;
  pageFlushes: u64 = 0;
  tlbFlushes: u64 = 0;
  largest: u64 = 0;
  refused: u64 = 0;
}

@struct
export class PteQueue {
  readonly door: MmuDoor;
  readonly refusal: RefusalHandler;
  /** Every request goes to Xen at once: for finding out which one is at fault. */
  eager: boolean = false;
  /** Locks that are held, one inside the other. */
  depth: u32 = 0;
  readonly counters = new PteCounters();

  readonly updates = new FixedArray<MmuUpdate, 512>();
  updateCount: usize = 0;
  readonly pending = new PendingIndex();
  /** Where the last update's entry maps, if it is of the lowest level and of the current address space; else 0. */
  mapsAddress: u64 = 0;

  readonly operations = new FixedArray<MmuextOp, 32>();
  operationCount: usize = 0;
  /** Of the operations, those that later writes must not overtake. */
  barrierCount: usize = 0;
  /** Pages to be flushed, up to the limit. */
  readonly stale = new FixedArray<u64, 4>();
  staleCount: usize = 0;
  staleAll: boolean = false;

  constructor(door: MmuDoor, refusal: RefusalHandler) {
    this.door = door;
    this.refusal = refusal;
  }

  /** What `slot` will hold once all that is pending has been done. */
  peek(slot: EntrySlot): u64 {
    const at = this.pending.find(slot, this.updates);
    return at < updateLimit ? this.updates[at].val : this.door.read(slot);
  }

  /** What `slot` holds, with everything in it that the CPU noted: a pending write to it is done first. */
  read(slot: EntrySlot): u64 {
    if (this.pending.find(slot, this.updates) < updateLimit) {
      this.counters.readBack++;
      this.flush();
    }
    return this.door.read(slot);
  }

  /** As `peek`, for entry `index` of a table whose entries are at hand. */
  peekAmong(entries: Slice<u64>, index: u64, slot: EntrySlot): u64 {
    if (this.updateCount === 0) return entries[index];
    const at = this.pending.find(slot, this.updates);
    return at < updateLimit ? this.updates[at].val : entries[index];
  }

  /**
   * Sets `slot` to `entry`, unless that is what it holds. `address` is what the entry maps, where it is of the lowest
   * level in the current address space: an old translation of it is then forgotten. Otherwise it is 0.
   */
  write(slot: EntrySlot, entry: u64, address: u64): void {
    this.change(slot, this.peek(slot), entry, address);
  }

  /** As `write`, for who has peeked: `now` is what that gave. */
  change(slot: EntrySlot, now: u64, entry: u64, address: u64): void {
    if (sameEntry(now, entry)) {
      this.counters.skipped++;
      return;
    }
    this.enqueue(slot, entry, address);
    if (isPresent(now) && address !== 0) this.noteStale(address);
    if (this.eager) this.flush();
  }

  enqueue(slot: EntrySlot, entry: u64, address: u64): void {
    assert(this.depth > 0, "page tables are written under their lock");
    if (this.barrierCount > 0) {
      this.counters.ordered++;
      this.flush();
    }
    if (this.updateCount === updateLimit) {
      this.counters.full++;
      this.flush();
    }
    const request = this.updates[this.updateCount];
    request.slot = slot;
    request.val = entry;
    this.pending.note(slot, this.updateCount, this.updates);
    this.updateCount++;
    this.mapsAddress = address;
  }

  /** Makes `table` a table of level 1 to 4, checked as a whole, until it is unpinned. */
  pin(level: u32, table: Mfn): void {
    this.operate((MmuextCommand.PinL1Table + level - 1) as MmuextCommand, table);
  }

  unpin(table: Mfn): void {
    this.operate(MmuextCommand.UnpinTable, table);
  }

  /** Switches this vCPU's kernel half (and, with it, everything) to the tables under `root`. */
  switchTo(root: Mfn): void {
    this.operate(MmuextCommand.NewBasePtr, root);
  }

  /** Switches the tables that programs run on. */
  switchProgramsTo(root: Mfn): void {
    this.operate(MmuextCommand.NewUserBasePtr, root);
  }

  /** This vCPU must not use an old translation of `address` after the batch. */
  flushPage(address: VirtAddr): void {
    this.noteStale(virtNumber(address));
    if (this.eager) this.flush();
  }

  /** This vCPU must not use any old translation after the batch. */
  flushTlb(): void {
    this.staleAll = true;
    this.staleCount = 0;
    if (this.eager) this.flush();
  }

  noteStale(address: u64): void {
    if (this.staleAll) return;
    if (this.staleCount === pageFlushLimit) {
      this.staleAll = true;
      this.staleCount = 0;
      return;
    }
    this.stale[this.staleCount] = address;
    this.staleCount++;
  }

  /** The vCPUs in the bitmap at `mask` (8 bytes, which must stay) must not use any old translation after the batch. */
  flushTlbOf(mask: u64): void {
    this.multicast(MmuextCommand.TlbFlushMulti, 0, mask);
  }

  /** The same, for one page. */
  flushPageOf(address: VirtAddr, mask: u64): void {
    this.multicast(MmuextCommand.InvlpgMulti, virtNumber(address), mask);
  }

  /** No vCPU of the domain may use an old translation after the batch. */
  flushEveryTlb(): void {
    this.multicast(MmuextCommand.TlbFlushAll, 0, 0);
  }

  /** Whether anything waits. */
  isEmpty(): boolean {
    return this.updateCount + this.operationCount + this.staleCount === 0 && !this.staleAll;
  }

  /** Does all that waits. */
  flush(): void {
    if (this.isEmpty()) return;
    const counters = this.counters;
    counters.flushes++;
    counters.entries += this.updateCount;
    counters.largest = max<u64>(counters.largest, this.updateCount);
    if (this.isLoneMapping()) {
      this.sendLoneMapping();
    } else {
      this.sendUpdates();
      this.addFlushes();
      this.sendOperations();
    }
    this.staleCount = 0;
    this.staleAll = false;
  }

  /** One entry of the lowest level, and nothing to flush but its page: one cheap call does both. */
  isLoneMapping(): boolean {
    if (this.updateCount !== 1 || this.mapsAddress === 0 || this.operationCount > 0) return false;
    if (this.staleAll) return true;
    return this.staleCount === 0 || (this.staleCount === 1 && this.stale[0] === this.mapsAddress);
  }

  sendLoneMapping(): void {
    const request = this.updates[0];
    const mode = this.loneFlush();
    this.counters.hypercalls++;
    this.counters.single++;
    if (this.staleAll) this.counters.tlbFlushes++;
    else this.counters.pageFlushes += this.staleCount;
    const sent = this.door.updateMapping(toVirtAddr(this.mapsAddress), request.val, mode);
    if (sent.refused) this.refuse("page-table write", slotNumber(request.slot), request.val, sent.errno);
    this.forgetUpdates();
  }

  loneFlush(): FlushMode {
    if (this.staleAll) return FlushMode.WholeTlb;
    return this.staleCount > 0 ? FlushMode.OnePage : FlushMode.None;
  }

  sendUpdates(): void {
    let rest = this.updates.slice(0, this.updateCount);
    while (rest.length > 0) {
      this.counters.hypercalls++;
      const sent = this.door.update(rest);
      if (!sent.refused || sent.done >= rest.length) break;
      const refused = rest[sent.done];
      this.refuse("page-table write", slotNumber(refused.slot), refused.val, sent.errno);
      rest = rest.slice(sent.done + 1);
    }
    this.forgetUpdates();
  }

  forgetUpdates(): void {
    this.updateCount = 0;
    this.pending.clear();
  }

  /** The flushes come last: a translation that was loaded between two writes goes as well. */
  addFlushes(): void {
    if (this.staleAll) {
      this.counters.tlbFlushes++;
      this.append(MmuextCommand.TlbFlushLocal, 0, 0);
    }
    for (const address of this.stale.slice(0, this.staleCount)) {
      this.counters.pageFlushes++;
      this.append(MmuextCommand.InvlpgLocal, address, 0);
    }
  }

  sendOperations(): void {
    let rest = this.operations.slice(0, this.operationCount);
    this.counters.operations += rest.length;
    while (rest.length > 0) {
      this.counters.hypercalls++;
      const sent = this.door.extend(rest);
      if (!sent.refused || sent.done >= rest.length) break;
      const refused = rest[sent.done];
      this.refuse("page-table operation", refused.arg1.linearAddr, refused.cmd, sent.errno);
      rest = rest.slice(sent.done + 1);
    }
    this.operationCount = 0;
    this.barrierCount = 0;
  }

  refuse(what: string, where: u64, value: u64, errno: Errno): void {
    this.counters.refused++;
    const handler = this.refusal;
    handler(what, where, value, errno);
  }

  /** An operation on a table, which the writes before it must precede, and those after it must follow. */
  operate(command: MmuextCommand, table: Mfn): void {
    assert(this.depth > 0, "page tables are changed under their lock");
    this.queueOperation(command, mfnNumber(table), 0);
    this.barrierCount++;
    if (this.eager) this.flush();
  }

  /** A flush of other vCPUs' TLBs. */
  multicast(command: MmuextCommand, address: u64, mask: u64): void {
    this.queueOperation(command, address, mask);
    if (this.eager) this.flush();
  }

  queueOperation(command: MmuextCommand, subject: u64, mask: u64): void {
    if (this.operationCount >= operationLimit) {
      this.counters.full++;
      this.flush();
    }
    this.append(command, subject, mask);
  }

  append(command: MmuextCommand, subject: u64, mask: u64): void {
    const operation = this.operations[this.operationCount];
    operation.cmd = command;
    operation.arg1.linearAddr = subject;
    operation.vcpuMask = mask;
    this.operationCount++;
  }
}

/**
 * The lock of the kernel's page tables: while it is held, changes gather; when the outermost one is dropped, they are done.
 *
 *     using lock = new PteLock(queue);
 */
@struct
export class PteLock {
  readonly queue: PteQueue;

  constructor(queue: PteQueue) {
    this.queue = queue;
    queue.depth++;
  }

  [Symbol.dispose](): void {
    assert(this.queue.depth > 0, "the lock is held");
    if (this.queue.depth === 1) this.queue.flush();
    this.queue.depth--;
  }
}
