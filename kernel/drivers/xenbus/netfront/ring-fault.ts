/** What a back end put into a ring that no honest one would: enough for one clear line. */
import type { IndexFault } from "../slot-ring.ts";

export type RingFault = {
  readonly what: string;
  readonly least: u64;
  readonly most: u64;
  readonly got: u64;
};

export function fromIndex(fault: IndexFault): RingFault {
  return { what: fault.index, least: fault.least, most: fault.most, got: fault.got };
}

/** A page that was to be ours again. */
export function stillInUse(): RingFault {
  return { what: "uses of a page whose slot was answered", least: 0, most: 0, got: 1 };
}
