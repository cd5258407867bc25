/** Pages that are given away: what Xen says of each (xen/common/grant_table.c, `gnttab_transfer`). */
import { describeGrantStatus, GrantOp, GrantStatus, type GrantTransfer } from "../../xen-abi/grant-table.ts";
import { grantTableOp } from "./hypercall/grants.ts";

/** Has Xen do all of them; false where it does none, since it was started with `gnttab=no-transfer`, or is of another make. */
export function requestTransfers(requests: Slice<GrantTransfer>): boolean {
  return grantTableOp(GrantOp.Transfer, requests).ok;
}

/** What became of one, in words. */
export function describeTransfer(status: GrantStatus): string {
  switch (status) {
    case GrantStatus.Okay:
      return "the peer has the page";
    case GrantStatus.BadPage:
      return "not given: something still maps the page, or it is not ours";
    case GrantStatus.BadDomain:
      return "lost: there is no such domain";
    case GrantStatus.PermissionDenied:
      return "lost: Xen's policy does not allow it";
    case GrantStatus.AddressTooBig:
      return "lost: it lies too high for the peer's table of version 1, and Xen has no lower page";
    case GrantStatus.GeneralError:
      return "lost: the peer does not accept it there, may have no more pages, or is ending";
    default:
      return describeGrantStatus(status);
  }
}
