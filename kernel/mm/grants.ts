/** The kernel's grants: its table, what is noted of each reference, and the windows onto pages of others. */
import { sliceAt } from "xenlet:unsafe";
import { ListedFrames } from "../arch/x86-xen/frame-sequence.ts";
import { ForeignWindows } from "../arch/x86-xen/foreign-windows.ts";
import { GrantFault } from "../arch/x86-xen/grant-fault.ts";
import { GrantTable } from "../arch/x86-xen/grant-table.ts";
import { grantRecordsBase } from "../arch/x86-xen/memory-layout.ts";
import { mfnOf } from "../arch/x86-xen/p2m.ts";
import { writable } from "../arch/x86-xen/page-entry.ts";
import { PteLock } from "../arch/x86-xen/pte-queue.ts";
import { pageSize, toVirtAddr, type Mfn } from "../xen-abi/addresses.ts";
import { GrantLedger, GrantRecord, type RecordStore } from "./grant-ledger.ts";
import { clearFrame, frames, pteQueue, tables } from "./memory.ts";
import { Owner } from "./owner.ts";

/** Records in pages of their own, one after the other. */
@struct
class RecordPages implements RecordStore {
  pages: u64 = 0;

  /** @allocates */
  extend(count: u32): Result<Slice<GrantRecord>, GrantFault> {
    const bytes: u64 = count * sizeOf<GrantRecord>();
    using lock = new PteLock(pteQueue);
    while (this.pages * pageSize < bytes) {
      if (!this.add()) return err(GrantFault.OutOfMemory);
      this.pages++;
    }
    pteQueue.flush(); // they are used from here on
    return ok(sliceAt<GrantRecord>(grantRecordsBase, count));
  }

  add(): boolean {
    const frame = frames.allocate(Owner.Grants);
    if (!frame.ok) return false;
    clearFrame(frame.value);
    const list = new FixedArray<Mfn, 1>();
    list[0] = mfnOf(frame.value);
    const page = new ListedFrames(list);
    const start = toVirtAddr(grantRecordsBase + this.pages * pageSize);
    const mapped = tables.map(tables.kernelRoot, start, 1, page, writable);
    if (mapped.ok) return true;
    const released = frames.release(frame.value);
    assert(released.ok, "it was allocated just now");
    return false;
  }
}

const recordPages = new RecordPages();
/** Those of the reserved references, until the table begins. */
const reserved = new FixedArray<GrantRecord, 8>();

export const grantTable = new GrantTable(tables);
/** Pages that other domains may reach. */
export const grants = new GrantLedger<GrantTable>(grantTable, recordPages, frames, reserved);
/** Pages of other domains that are mapped here. */
export const foreignWindows = new ForeignWindows(tables);
