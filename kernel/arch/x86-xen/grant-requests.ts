/** Requests about grants of others, each with a status of its own. */
import { describeErrno } from "../../xen-abi/errno.ts";
import type { DelayedRequest, GrantOp } from "../../xen-abi/grant-table.ts";
import { panic } from "../../lib/panic.ts";
import { grantTableOp } from "./hypercall/grants.ts";
import { yieldCpu } from "./hypercall/sched.ts";

/** How often a request is made again that Xen delays. */
const retryLimit = 16;

/**
 * Has Xen do all requests of one kind, by one hypercall unless some have to be made again. Each one's status says what
 * became of it.
 */
export function sendGrantRequests<T extends DelayedRequest>(op: GrantOp, requests: Slice<T>): void {
  requireSent(op, requests);
  for (const [at, request] of requests.entries()) {
    for (let retry: u32 = 0; retry < retryLimit && request.isDelayed(); retry++) {
      yieldCpu();
      requireSent(op, requests.slice(at, at + 1));
    }
  }
}

/** The same, for requests that Xen does at once. It gives an errno only where it cannot read them: a defect of ours. */
export function requireSent<T extends object>(op: GrantOp, requests: Slice<T>): void {
  const sent = grantTableOp(op, requests);
  if (!sent.ok) panic(`Xen does not take requests for grants (${op}): ${describeErrno(sent.error)}`);
}
