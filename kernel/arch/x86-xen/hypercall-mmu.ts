/** The door of `hypercall.ts`, for page tables and memory. A list stops at the first request that Xen refuses. */
import { addressOf } from "xenlet:unsafe";
import { virtNumber, type Mfn, type VirtAddr } from "../../xen-abi/addresses.ts";
import { domIdNumber, domIdSelf, type DomId } from "../../xen-abi/domain.ts";
import type { Errno } from "../../xen-abi/errno.ts";
import { MachphysMapping, MemoryOp, MemoryReservation } from "../../xen-abi/memory.ts";
import type { MmuextOp, MmuUpdate } from "../../xen-abi/mmu.ts";
import type { FlushMode } from "../../xen-abi/xen.ts";
import type { Answer } from "./hypercall.ts";
import type { Progress } from "./mmu-door.ts";

// As in hypercall.ts.
declare function HYPERVISOR_mmu_update(requests: u64, count: u64, done: u64, domain: u64): i64;
declare function HYPERVISOR_mmuext_op(operations: u64, count: u64, done: u64, domain: u64): i64;
declare function HYPERVISOR_update_va_mapping(address: u64, entry: u64, flush: u64): i64;
declare function HYPERVISOR_memory_op(op: u64, request: u64): i64;

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

/** Writes the lowest-level entry of one address, and flushes. */
export function updateOneMapping(address: VirtAddr, entry: u64, flush: FlushMode): Progress {
  return progress(HYPERVISOR_update_va_mapping(virtNumber(address), entry, flush), 0, 1);
}

function progress(returned: i64, done: usize, all: usize): Progress {
  return returned < 0
    ? { refused: true, done, errno: -returned as u32 as Errno }
    : { refused: false, done: all };
}

/** The number that a question about this domain's memory is answered with, in pages. */
export function memoryCount(op: MemoryOp): Answer {
  const domain = new FixedArray<DomId, 1>();
  domain[0] = domIdSelf;
  const returned = HYPERVISOR_memory_op(op, addressOf(domain));
  return returned < 0 ? err(-returned as u32 as Errno) : ok(returned as u64);
}

/** Gives frames that nothing maps back to Xen: the number of those that it took. */
export function returnFrames(list: Slice<Mfn>): Answer {
  const request = new MemoryReservation();
  request.extentStart = addressOf(list);
  request.nrExtents = list.length;
  const returned = HYPERVISOR_memory_op(MemoryOp.DecreaseReservation, addressOf(request));
  return returned < 0 ? err(-returned as u32 as Errno) : ok(returned as u64);
}

/** Where Xen's table of machine frames is, and how far it goes. */
export function machphysMapping(into: MachphysMapping): Answer {
  const returned = HYPERVISOR_memory_op(MemoryOp.MachphysMapping, addressOf(into));
  return returned < 0 ? err(-returned as u32 as Errno) : ok(0);
}
