/** Hypercalls about the domain's memory, and Xen's tables of it. */
import { addressOf } from "xenlet:unsafe";
import type { Mfn } from "../../../xen-abi/addresses.ts";
import { domIdSelf, type DomId } from "../../../xen-abi/domain.ts";
import { MachphysMapping, MemoryOp, MemoryReservation } from "../../../xen-abi/memory.ts";
import { answer, HYPERVISOR_memory_op, type Answer } from "./stubs.ts";

/** The number that a question about this domain's memory is answered with, in pages. */
export function memoryCount(op: MemoryOp): Answer {
  const domain = new FixedArray<DomId, 1>();
  domain[0] = domIdSelf;
  return answer(HYPERVISOR_memory_op(op, addressOf(domain)));
}

/** Gives frames that nothing maps back to Xen: the number of those that it took. */
export function returnFrames(list: Slice<Mfn>): Answer {
  const request = new MemoryReservation();
  request.extentStart = addressOf(list);
  request.nrExtents = list.length;
  return answer(HYPERVISOR_memory_op(MemoryOp.DecreaseReservation, addressOf(request)));
}

/**
 * Asks Xen for frames. `list` holds the numbers that they shall have in this domain, and then what is behind those, which
 * Xen's own table says as well: the number of frames that came, which can be fewer.
 */
export function populateFrames(list: Slice<Mfn>): Answer {
  const request = new MemoryReservation();
  request.extentStart = addressOf(list);
  request.nrExtents = list.length;
  return answer(HYPERVISOR_memory_op(MemoryOp.PopulatePhysmap, addressOf(request)));
}

/** Where Xen's table of machine frames is, and how far it goes. */
export function machphysMapping(into: MachphysMapping): Answer {
  return answer(HYPERVISOR_memory_op(MemoryOp.MachphysMapping, addressOf(into)));
}
