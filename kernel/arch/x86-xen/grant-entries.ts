/**
 * Entries of the grant table, whatever their version. An entry belongs to us until its flags say what the peer may do; from
 * then on Xen changes it, or the word beside it, as the peer maps and unmaps the page.
 */
import type { Mfn, Pfn } from "../../xen-abi/addresses.ts";
import type { DomId } from "../../xen-abi/domain.ts";
import { GrantFlag, TransferFlag, type GrantRef } from "../../xen-abi/grant-table.ts";

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
  /** Has `peer` put a page of its own at `place`, where this domain has none, by an entry that nobody uses. */
  offer(ref: GrantRef, peer: DomId, place: Pfn): void;
  /** Whether it is an offer, of the kind above. */
  isOffer(ref: GrantRef): boolean;
  /** Whether the page has come. */
  isFilled(ref: GrantRef): boolean;
  /** Takes the offer back; false where that is too late: Xen has the page, and fills the entry without delay. */
  withdraw(ref: GrantRef): boolean;
  /** The frame that came; nobody uses the entry any more. */
  collect(ref: GrantRef): Mfn;
}

/** The peer has a mapping, or a copy is being made. */
export const peerBits = GrantFlag.Reading | GrantFlag.Writing;

/** The flags that open an entry. */
export function openingFlags(access: GrantAccess): u16 {
  return access === GrantAccess.ReadOnly
    ? GrantFlag.PermitAccess | GrantFlag.Readonly
    : GrantFlag.PermitAccess;
}

/** What an entry is: the type in its flags (`GTF_type_mask`). */
export function isOfferOpen(flags: Shared<u16>): boolean {
  return (flags.load("relaxed") & 3) === TransferFlag.AcceptTransfer;
}

/** Both versions tell of a transfer in the flags of the entry itself. The number of the frame was written before. */
export function isOfferFilled(flags: Shared<u16>): boolean {
  return (flags.load("acquire") & TransferFlag.TransferCompleted) !== 0;
}

/** grant_table.h, "Invalidating an unused GTF_accept_transfer entry". An entry of a new table is closed already. */
export function closeOffer(flags: Shared<u16>): boolean {
  const seen = flags.load("relaxed");
  return (seen & TransferFlag.TransferCommitted) === 0 && flags.compareExchange(seen, 0, "acqrel");
}
