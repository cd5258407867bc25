/**
 * Version 2: the peer's flags are in a word of their own. Ending access is to close the entry, which keeps new users out, and
 * then to see whether there is still an old one; the order of these two is all that matters.
 */
import { sharedAt } from "xenlet:unsafe";
import { mfnNumber, pfnNumber, toMfn, type Mfn, type Pfn } from "../../xen-abi/addresses.ts";
import type { DomId } from "../../xen-abi/domain.ts";
import {
  GrantEntryV2,
  GrantFlag,
  grantRefNumber,
  TransferFlag,
  type GrantRef,
} from "../../xen-abi/grant-table.ts";
import {
  closeOffer,
  isOfferFilled,
  isOfferOpen,
  openingFlags,
  peerBits,
  type GrantAccess,
  type GrantEntries,
} from "./grant-entries.ts";

const bytesPerStatus = 2;

@struct
export class GrantEntriesV2 implements GrantEntries {
  /** Address of entry 0. */
  readonly base: u64;
  /** Address of its status word. */
  readonly statusBase: u64;

  constructor(base: u64, statusBase: u64) {
    this.base = base;
    this.statusBase = statusBase;
  }

  give(ref: GrantRef, peer: DomId, frame: Mfn, access: GrantAccess): boolean {
    const entry = this.entry(ref);
    entry.hdr.domid.store(peer, "relaxed");
    entry.frame.store(mfnNumber(frame), "relaxed");
    entry.hdr.flags.store(openingFlags(access), "release"); // last: this is what opens it
    return true;
  }

  end(ref: GrantRef): boolean {
    this.close(ref);
    return !this.isUsed(ref);
  }

  /** The first step, also where it was done before. An exchange, since the status must not be read before it is seen. */
  close(ref: GrantRef): void {
    this.entry(ref).hdr.flags.exchange(0, "seqcst");
  }

  peerOf(ref: GrantRef): DomId {
    return this.entry(ref).hdr.domid.load("relaxed");
  }

  /** The second step. */
  isUsed(ref: GrantRef): boolean {
    return (this.status(ref).load("seqcst") & peerBits) !== 0;
  }

  isReadOnly(ref: GrantRef): boolean {
    return (this.entry(ref).hdr.flags.load("relaxed") & GrantFlag.Readonly) !== 0;
  }

  offer(ref: GrantRef, peer: DomId, place: Pfn): void {
    const entry = this.entry(ref);
    entry.hdr.domid.store(peer, "relaxed");
    entry.frame.store(pfnNumber(place), "relaxed");
    entry.hdr.flags.store(TransferFlag.AcceptTransfer, "release");
  }

  isOffer(ref: GrantRef): boolean {
    return isOfferOpen(this.entry(ref).hdr.flags);
  }

  isFilled(ref: GrantRef): boolean {
    return isOfferFilled(this.entry(ref).hdr.flags);
  }

  withdraw(ref: GrantRef): boolean {
    return closeOffer(this.entry(ref).hdr.flags);
  }

  collect(ref: GrantRef): Mfn {
    const entry = this.entry(ref);
    const came = entry.frame.load("relaxed");
    entry.hdr.flags.store(0, "relaxed");
    return toMfn(came);
  }

  entry(ref: GrantRef): Shared<GrantEntryV2> {
    return sharedAt<GrantEntryV2>(this.base + grantRefNumber(ref) * sizeOf<GrantEntryV2>());
  }

  status(ref: GrantRef): Shared<u16> {
    return sharedAt<u16>(this.statusBase + grantRefNumber(ref) * bytesPerStatus);
  }
}
