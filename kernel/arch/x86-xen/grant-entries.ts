/**
 * Entries of the grant table, whatever their version. An entry belongs to us until its flags say what the peer may do; from
 * then on Xen changes it, or the word beside it, as the peer maps and unmaps the page.
 */
import type { Mfn } from "../../xen-abi/addresses.ts";
import type { DomId } from "../../xen-abi/domain.ts";
import { GrantFlag, type GrantRef } from "../../xen-abi/grant-table.ts";

/** What a peer may do with a page. */
export const enum GrantAccess {
  ReadWrite,
  ReadOnly,
}

export interface GrantEntries {
  /** Lets `peer` reach `frame`, by an entry that nobody uses. False where the entry cannot name the frame. */
  give(ref: GrantRef, peer: DomId, frame: Mfn, access: GrantAccess): boolean;
  /**
   * Ends that, unless the peer uses the page at this moment: then false, and it can be tried again. Once it was true, neither
   * a mapping nor a copy is left, and none can begin.
   */
  end(ref: GrantRef): boolean;
  /** Whose entry it is; of one that nobody uses, whose it was last. */
  peerOf(ref: GrantRef): DomId;
  /** Whether the peer uses the page at this moment. */
  isUsed(ref: GrantRef): boolean;
  /** Whether the peer may not write. */
  isReadOnly(ref: GrantRef): boolean;
}

/** The peer has a mapping, or a copy is being made. */
export const peerBits = GrantFlag.Reading | GrantFlag.Writing;

/** The flags that open an entry. */
export function openingFlags(access: GrantAccess): u16 {
  return access === GrantAccess.ReadOnly
    ? GrantFlag.PermitAccess | GrantFlag.Readonly
    : GrantFlag.PermitAccess;
}
