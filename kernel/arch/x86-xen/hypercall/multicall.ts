/** Several hypercalls by one way into Xen. */
import { addressOf } from "xenlet:unsafe";
import type { MulticallEntry } from "../../../xen-abi/xen.ts";
import { HYPERVISOR_multicall, outcome, type Outcome } from "./stubs.ts";

/** Runs the calls one after the other; each has its own result in its entry. */
export function multicall(calls: Slice<MulticallEntry>): Outcome {
  return outcome(HYPERVISOR_multicall(addressOf(calls), calls.length));
}
