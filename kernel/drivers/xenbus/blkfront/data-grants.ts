/** The pages that a disk's data goes through, granted to its back end as they are needed. */
import { sliceAt } from "xenlet:unsafe";
import { GrantAccess } from "../../../arch/x86-xen/grant-entries.ts";
import { kernelAddress } from "../../../arch/x86-xen/kernel-frames.ts";
import { refOf } from "../../../mm/grant-ledger.ts";
import { grants } from "../../../mm/grants.ts";
import { clearFrame, frames } from "../../../mm/memory.ts";
import { Owner } from "../../../mm/owner.ts";
import { pageSize, virtNumber } from "../../../xen-abi/addresses.ts";
import type { FrontEnd } from "../bus/front-end.ts";
import { Undo, type Resource } from "../bus/undo-list.ts";
import type { DataPage, PageSource } from "./data-pages.ts";

@struct
export class DataGrants implements PageSource, Resource {
  readonly undo = new Undo();
  front: FrontEnd | null = null;
  pages: Slice<DataPage> | null = null;
  count: u32 = 0;

  /** From now on pages are granted to the back end of `front`, until the connection ends. */
  start(front: FrontEnd, pages: Slice<DataPage>): void {
    this.front = front;
    this.pages = pages;
    this.count = 0;
    front.acquired.add(this.undo, this);
  }

  /** @allocates */
  grant(page: DataPage, place: u32): boolean {
    assert(place === this.count, "pages are granted in the order of their places");
    const frame = frames.allocate(Owner.Block);
    if (!frame.ok) return false;
    clearFrame(frame.value); // what was in it is nobody else's business
    const given = grants.give(frame.value, this.front!.backEnd.domain, GrantAccess.ReadWrite);
    if (!given.ok) {
      const released = frames.release(frame.value);
      assert(released.ok, "it was allocated just now");
      return false;
    }
    page.memory = sliceAt<u8>(virtNumber(kernelAddress(frame.value)), pageSize);
    page.ref = refOf(given.value);
    page.grant = given.value;
    this.count++;
    return true;
  }

  giveBack(): void {
    for (const page of this.pages!.slice(0, this.count)) grants.endAndRelease(take(page.grant));
    this.count = 0;
  }
}
