/** Xen as the guard of the page tables. */
import { ptr, type Ptr } from "xenlet:unsafe";
import { pageSize, virtNumber, type Mfn, type VirtAddr } from "../../xen-abi/addresses.ts";
import { slotIndex, slotTable, type EntrySlot, type MmuextOp, type MmuUpdate } from "../../xen-abi/mmu.ts";
import type { FlushMode } from "../../xen-abi/xen.ts";
import { mmuextOp, mmuUpdate, updateOneMapping } from "./hypercall-mmu.ts";
import { kernelAddress } from "./kernel-frames.ts";
import type { MmuDoor, Progress } from "./mmu-door.ts";
import { pfnOf } from "./p2m.ts";

const bytesPerEntry = 8;

@struct
export class XenMmu implements MmuDoor {
  update(requests: Slice<MmuUpdate>): Progress {
    return mmuUpdate(requests);
  }

  extend(operations: Slice<MmuextOp>): Progress {
    return mmuextOp(operations);
  }

  updateMapping(address: VirtAddr, entry: u64, flush: FlushMode): Progress {
    return updateOneMapping(address, entry, flush);
  }

  read(slot: EntrySlot): u64 {
    return entryAt(slotTable(slot), slotIndex(slot)).load();
  }

  store(table: Mfn, index: u64, entry: u64): void {
    entryAt(table, index).store(entry);
  }
}

/** Tables are the domain's own frames, so the kernel sees them where it sees all its frames. */
function entryAt(table: Mfn, index: u64): Ptr<u64> {
  return ptr<u64>(
    virtNumber(kernelAddress(pfnOf(table))) + (index & (pageSize / bytesPerEntry - 1)) * bytesPerEntry,
  );
}
