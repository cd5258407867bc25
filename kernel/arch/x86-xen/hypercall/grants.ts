/** Hypercalls about grants. */
import { addressOf } from "xenlet:unsafe";
import type { GrantOp } from "../../../xen-abi/grant-table.ts";
import { HYPERVISOR_grant_table_op, outcome, type Outcome } from "./stubs.ts";

/**
 * Does all `requests` of one kind. Xen says what became of each in its `status`; an errno is for what it cannot even
 * read, or for a Xen that does not know the operation.
 */
export function grantTableOp<T extends object>(op: GrantOp, requests: Slice<T>): Outcome {
  return outcome(HYPERVISOR_grant_table_op(op, addressOf(requests), requests.length));
}
