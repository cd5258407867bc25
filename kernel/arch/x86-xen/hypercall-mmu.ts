/** The door of `hypercall.ts`, for page tables and memory. A list stops at the first request that Xen refuses. */
import { addressOf } from "xenlet:unsafe";
import { virtNumber, type VirtAddr } from "../../xen-abi/addresses.ts";
import { domIdNumber, domIdSelf, type DomId } from "../../xen-abi/domain.ts";
import type { Errno } from "../../xen-abi/errno.ts";
import { MachphysMapping, MemoryOp } from "../../xen-abi/memory.ts";
import type { MmuextOp, MmuUpdate } from "../../xen-abi/mmu.ts";
import { Hypercall, type FlushMode } from "../../xen-abi/xen.ts";
import type { Answer } from "./hypercall.ts";
import type { Progress } from "./mmu-door.ts";

/** Hypercall `op` with up to five arguments (entry.S): what Xen returns, negative for an errno. */
declare function hypercall(op: u32, a1: u64, a2: u64, a3: u64, a4: u64, a5: u64): i64;

/** Writes page-table entries in order, and stops at the first that Xen refuses. */
export function mmuUpdate(requests: Slice<MmuUpdate>): Progress {
  const done = new FixedArray<u32, 1>();
  const returned = hypercall(
    Hypercall.MmuUpdate,
    addressOf(requests),
    requests.length,
    addressOf(done),
    domIdNumber(domIdSelf),
    0,
  );
  return progress(returned, done[0], requests.length);
}

/** Pins, switches and flushes in order, and stops at the first operation that Xen refuses. */
export function mmuextOp(operations: Slice<MmuextOp>): Progress {
  const done = new FixedArray<u32, 1>();
  const returned = hypercall(
    Hypercall.MmuextOp,
    addressOf(operations),
    operations.length,
    addressOf(done),
    domIdNumber(domIdSelf),
    0,
  );
  return progress(returned, done[0], operations.length);
}

/** Writes the lowest-level entry of one address, and flushes. */
export function updateOneMapping(address: VirtAddr, entry: u64, flush: FlushMode): Progress {
  return progress(hypercall(Hypercall.UpdateVaMapping, virtNumber(address), entry, flush, 0, 0), 0, 1);
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
  const returned = hypercall(Hypercall.MemoryOp, op, addressOf(domain), 0, 0, 0);
  return returned < 0 ? err(-returned as u32 as Errno) : ok(returned as u64);
}

/** Where Xen's table of machine frames is, and how far it goes. */
export function machphysMapping(into: MachphysMapping): Answer {
  const returned = hypercall(Hypercall.MemoryOp, MemoryOp.MachphysMapping, addressOf(into), 0, 0, 0);
  return returned < 0 ? err(-returned as u32 as Errno) : ok(0);
}
