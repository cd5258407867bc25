/**
 * Version 1: our flags and the peer's are one word of 16 bits, so ending access is one compare-exchange
 * (grant_table.h, "Invalidating an unused GTF_permit_access entry").
 */
import { sharedAt } from "xenlet:unsafe";
import { mfnNumber, pfnNumber, toMfn, type Mfn, type Pfn } from "../../xen-abi/addresses.ts";
import type { DomId } from "../../xen-abi/domain.ts";
import {
  GrantEntryV1,
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

@struct
export class GrantEntriesV1 implements GrantEntries {
  /** Address of entry 0. */
  readonly base: u64;

  constructor(base: u64) {
    this.base = base;
  }

  give(ref: GrantRef, peer: DomId, frame: Mfn, access: GrantAccess): boolean {
    const number = mfnNumber(frame);
    if (number >> 32 !== 0) return false;
    const entry = this.entry(ref);
    entry.domid.store(peer, "relaxed");
    entry.frame.store(number as u32, "relaxed");
    entry.flags.store(openingFlags(access), "release"); // last: this is what opens it
    return true;
  }

  end(ref: GrantRef): boolean {
    const seen = this.look(ref);
    return (seen & peerBits) === 0 && this.close(ref, seen);
  }

  /** The first step: the flags as they are. */
  look(ref: GrantRef): u16 {
    return this.entry(ref).flags.load("relaxed");
  }

  /** The second: closes the entry unless it has changed since. If it has, the peer is at it, so this is not repeated. */
  close(ref: GrantRef, seen: u16): boolean {
    return this.entry(ref).flags.compareExchange(seen, 0, "acqrel");
  }

  peerOf(ref: GrantRef): DomId {
    return this.entry(ref).domid.load("relaxed");
  }

  isUsed(ref: GrantRef): boolean {
    return (this.look(ref) & peerBits) !== 0;
  }

  isReadOnly(ref: GrantRef): boolean {
    return (this.look(ref) & GrantFlag.Readonly) !== 0;
  }

  offer(ref: GrantRef, peer: DomId, place: Pfn): void {
    const entry = this.entry(ref);
    entry.domid.store(peer, "relaxed");
    entry.frame.store(pfnNumber(place) as u32, "relaxed");
    entry.flags.store(TransferFlag.AcceptTransfer, "release");
  }

  isOffer(ref: GrantRef): boolean {
    return isOfferOpen(this.entry(ref).flags);
  }

  isFilled(ref: GrantRef): boolean {
    return isOfferFilled(this.entry(ref).flags);
  }

  withdraw(ref: GrantRef): boolean {
    return closeOffer(this.entry(ref).flags);
  }

  collect(ref: GrantRef): Mfn {
    const entry = this.entry(ref);
    const came = entry.frame.load("relaxed");
    entry.flags.store(0, "relaxed");
    return toMfn(came);
  }

  entry(ref: GrantRef): Shared<GrantEntryV1> {
    return sharedAt<GrantEntryV1>(this.base + grantRefNumber(ref) * sizeOf<GrantEntryV1>());
  }
}
