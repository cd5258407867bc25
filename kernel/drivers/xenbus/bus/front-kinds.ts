/** Kinds of devices that there are drivers for. */
import type { XenbusState } from "../../../xen-abi/xenbus.ts";
import type { FrontDriver } from "./front-driver.ts";
import type { FrontEnd } from "./front-end.ts";

export type FrontKind = {
  /** The name in xenstore: "vif", "vbd". */
  readonly name: string;
  /**
   * Which state tells this kind of back end that the rings are published: `Initialised`, or `Connected` for those (netback)
   * that wait for that.
   */
  readonly published: XenbusState;
  /** A driver for the device; an error where there is no room for another one. It may not wait. */
  readonly attach: (front: FrontEnd) => Result<FrontDriver>;
};

/** Tables of kinds: the kernel's own, and what tests add. */
const tableLimit = 4;

@struct
export class FrontKinds {
  readonly tables = new FixedArray<Slice<FrontKind> | null, 4>();
  count: usize = 0;

  add(kinds: Slice<FrontKind>): void {
    assert(this.count < tableLimit, "there is room for every table of drivers");
    this.tables[this.count] = kinds;
    this.count++;
  }

  /** The kind of that name. */
  find(name: Slice<u8>): Result<FrontKind> {
    for (const table of this.tables) {
      if (table === null) continue;
      for (const kind of table) {
        if (kind.name.bytes().equals(name)) return ok(kind);
      }
    }
    return err("no driver for it");
  }
}
