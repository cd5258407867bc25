/** The hypercall that asks Xen about itself. */
import type { VersionOp } from "../../../xen-abi/version.ts";
import { answer, HYPERVISOR_xen_version, type Answer } from "./stubs.ts";

/** Asks Xen about itself; what `buffer` (an address, or 0) holds depends on `op`. */
export function xenVersion(op: VersionOp, buffer: u64): Answer {
  return answer(HYPERVISOR_xen_version(op, buffer));
}
