/**
 * Copies between our pages and pages that others have granted, made by Xen: cheaper than a mapping for up to about a page,
 * since no page table and no TLB is touched.
 */
import type { Pfn } from "../../xen-abi/addresses.ts";
import { domIdSelf, type DomId } from "../../xen-abi/domain.ts";
import { GrantCopyFlag, GrantOp, type GrantCopy, type GrantRef } from "../../xen-abi/grant-table.ts";
import { sendGrantRequests } from "./grant-requests.ts";
import { mfnOf } from "./p2m.ts";

/** A place in a page of `peer`. */
export type GrantedPlace = { readonly peer: DomId; readonly ref: GrantRef; readonly offset: u16 };
/** A place in a page of ours. */
export type OwnPlace = { readonly frame: Pfn; readonly offset: u16 };

/** Makes `request` a copy of `length` bytes out of a granted page. */
export function copyFromGrant(request: GrantCopy, from: GrantedPlace, to: OwnPlace, length: u16): void {
  request.source.u.ref = from.ref;
  request.source.domid = from.peer;
  request.source.offset = from.offset;
  request.dest.u.gmfn = mfnOf(to.frame);
  request.dest.domid = domIdSelf;
  request.dest.offset = to.offset;
  request.len = length;
  request.flags = GrantCopyFlag.SourceGref;
}

/** Makes `request` a copy of `length` bytes into a granted page. */
export function copyToGrant(request: GrantCopy, from: OwnPlace, to: GrantedPlace, length: u16): void {
  request.source.u.gmfn = mfnOf(from.frame);
  request.source.domid = domIdSelf;
  request.source.offset = from.offset;
  request.dest.u.ref = to.ref;
  request.dest.domid = to.peer;
  request.dest.offset = to.offset;
  request.len = length;
  request.flags = GrantCopyFlag.DestGref;
}

/** Makes all copies, in order, by one hypercall. The `status` of each (a `GrantStatus`) says whether it was made. */
export function runCopies(requests: Slice<GrantCopy>): void {
  sendGrantRequests(GrantOp.Copy, requests);
}
