/** Xen as the guard of the page tables. */
import { ptr, sliceAt } from "xenlet:unsafe";
import { virtNumber, type Mfn, type VirtAddr } from "../../xen-abi/addresses.ts";
import { slotIndex, slotTable, type EntrySlot, type MmuextOp, type MmuUpdate } from "../../xen-abi/mmu.ts";
import type { FlushMode } from "../../xen-abi/xen.ts";
import { mmuextOp, mmuUpdate, updateOneMapping } from "./hypercall/mmu.ts";
import { kernelAddress } from "./kernel-frames.ts";
import type { MmuDoor, Progress } from "./mmu-door.ts";
import { pfnOf } from "./p2m.ts";

const bytesPerEntry = 8;
const entriesPerTable = 512;

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
    return ptr<u64>(tableAddress(slotTable(slot)) + slotIndex(slot) * bytesPerEntry).load();
  }

  entriesOf(table: Mfn): Slice<u64> {
    return sliceAt<u64>(tableAddress(table), entriesPerTable);
  }

  wordsOf(table: Mfn): Slice<u64> {
    return sliceAt<u64>(tableAddress(table), entriesPerTable);
  }
}

/** Tables are the domain's own frames, so the kernel sees them where it sees all its frames. */
function tableAddress(table: Mfn): u64 {
  return virtNumber(kernelAddress(pfnOf(table)));
}
