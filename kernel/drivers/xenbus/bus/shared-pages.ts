/** Pages that a back end may read and write: the memory of a ring. */
import { sliceAt } from "xenlet:unsafe";
import { GrantAccess } from "../../../arch/x86-xen/grant-entries.ts";
import { describeGrantFault } from "../../../arch/x86-xen/grant-fault.ts";
import { kernelAddress } from "../../../arch/x86-xen/kernel-frames.ts";
import { describeMemoryFault } from "../../../lib/memory-fault.ts";
import { framesOf } from "../../../mm/frames.ts";
import { refOf, type Grant } from "../../../mm/grant-ledger.ts";
import { grants } from "../../../mm/grants.ts";
import { frames } from "../../../mm/memory.ts";
import type { Owner } from "../../../mm/owner.ts";
import { noPfn, pageSize, pfnNumber, toPfn, virtNumber, type Pfn } from "../../../xen-abi/addresses.ts";
import type { GrantRef } from "../../../xen-abi/grant-table.ts";
import { maxRingPages } from "../../../xen-abi/ring.ts";
import type { Refusal } from "./front-driver.ts";
import type { FrontEnd } from "./front-end.ts";
import { Undo, type Resource } from "./undo-list.ts";

@struct
export class SharedPages implements Resource {
  readonly undo = new Undo();
  first: Pfn = noPfn;
  /** One for each page; up to `maxRingPages`. */
  readonly grants = new FixedArray<Grant, 16>();
  granted: usize = 0;

  /** Takes 2^order pages, all zero, and lets the back end have them until the connection ends. @allocates @blocks */
  acquire(front: FrontEnd, order: u32, owner: Owner): Result<undefined, Refusal> {
    assert(framesOf(order) <= maxRingPages, "a ring has 1 to 16 pages");
    const block = frames.allocateBlock(order, owner);
    if (!block.ok) return err(front.refuse(`no pages for a ring: ${describeMemoryFault(block.error)}`));
    this.first = block.value;
    this.granted = 0;
    front.acquired.add(this.undo, this);
    const memory = sliceAt<u8>(virtNumber(kernelAddress(this.first)), framesOf(order) * pageSize);
    memory.fill(0);
    for (let page: u64 = 0; page < framesOf(order); page++) {
      const frame = toPfn(pfnNumber(this.first) + page);
      const given = grants.give(frame, front.backEnd.domain, GrantAccess.ReadWrite);
      if (!given.ok) return err(front.refuse(`a page cannot be granted: ${describeGrantFault(given.error)}`));
      this.grants[this.granted] = given.value;
      this.granted++;
    }
    return ok();
  }

  /** The pages, one after the other. */
  memory(): Slice<u8> {
    return sliceAt<u8>(virtNumber(kernelAddress(this.first)), this.granted * pageSize);
  }

  /** What the back end is told of a page. */
  ref(page: usize): GrantRef {
    return refOf(this.grants[page]);
  }

  /** What the back end still uses stays where it is until it lets go. */
  giveBack(): void {
    if (this.granted === 0) {
      const released = frames.release(this.first);
      assert(released.ok, "it was allocated, and granted to nobody");
      return;
    }
    for (let page: usize = 1; page < this.granted; page++) grants.end(take(this.grants[page]));
    grants.endAndRelease(take(this.grants[0]));
    this.granted = 0;
  }
}
