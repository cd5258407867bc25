/** Hypercalls about page tables. A list stops at the first request that Xen refuses. */
import { addressOf } from "xenlet:unsafe";
import { virtNumber, type VirtAddr } from "../../../xen-abi/addresses.ts";
import { domIdNumber, domIdSelf } from "../../../xen-abi/domain.ts";
import type { Errno } from "../../../xen-abi/errno.ts";
import type { MmuextOp, MmuUpdate } from "../../../xen-abi/mmu.ts";
import type { FlushMode } from "../../../xen-abi/xen.ts";
import type { Progress } from "../mmu-door.ts";
import {
  HYPERVISOR_mmu_update,
  HYPERVISOR_mmuext_op,
  HYPERVISOR_update_va_mapping,
  outcome,
  type Outcome,
} from "./stubs.ts";

/** Writes page-table entries in order, and stops at the first that Xen refuses. */
export function mmuUpdate(requests: Slice<MmuUpdate>): Progress {
  const done = new FixedArray<u32, 1>();
  const returned = HYPERVISOR_mmu_update(
    addressOf(requests),
    requests.length,
    addressOf(done),
    domIdNumber(domIdSelf),
  );
  return progress(returned, done[0], requests.length);
}

/** Pins, switches and flushes in order, and stops at the first operation that Xen refuses. */
export function mmuextOp(operations: Slice<MmuextOp>): Progress {
  const done = new FixedArray<u32, 1>();
  const returned = HYPERVISOR_mmuext_op(
    addressOf(operations),
    operations.length,
    addressOf(done),
    domIdNumber(domIdSelf),
  );
  return progress(returned, done[0], operations.length);
}

/** Writes the lowest-level page-table entry of `address`, and flushes. */
export function updateVaMapping(address: VirtAddr, entry: u64, flush: FlushMode): Outcome {
  return outcome(HYPERVISOR_update_va_mapping(virtNumber(address), entry, flush));
}

/** The same, as a list of one. */
export function updateOneMapping(address: VirtAddr, entry: u64, flush: FlushMode): Progress {
  return progress(HYPERVISOR_update_va_mapping(virtNumber(address), entry, flush), 0, 1);
}

function progress(returned: i64, done: usize, all: usize): Progress {
  return returned < 0
    ? { refused: true, done, errno: -returned as u32 as Errno }
    : { refused: false, done: all };
}
