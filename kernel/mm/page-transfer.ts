/**
 * Pages that change domains for good (grant_table.h, GNTTABOP_transfer and GTF_accept_transfer). Whoever wants pages offers
 * places for them; the peer is told the references, and gives pages of its own away. Nothing is copied or mapped.
 *
 * An offer costs a frame, which Xen gets before: so there is a place, and the domain is allowed one page more.
 */
import { isFrame, noFrame, OneFrame } from "../arch/x86-xen/frame-sequence.ts";
import { kernelAddress } from "../arch/x86-xen/kernel-frames.ts";
import { requestTransfers } from "../arch/x86-xen/grant-transfer.ts";
import { GrantFault } from "../arch/x86-xen/grant-fault.ts";
import { mfnOf, setP2m } from "../arch/x86-xen/p2m.ts";
import { writable } from "../arch/x86-xen/page-entry.ts";
import { PteLock } from "../arch/x86-xen/pte-queue.ts";
import * as log from "../lib/log.ts";
import { MemoryFault } from "../lib/memory-fault.ts";
import type { Mfn, Pfn } from "../xen-abi/addresses.ts";
import type { DomId } from "../xen-abi/domain.ts";
import { GrantStatus, GrantTransfer, type GrantRef } from "../xen-abi/grant-table.ts";
import { balloon } from "./balloon-memory.ts";
import type { PageOffer } from "./grant-ledger.ts";
import { grants } from "./grants.ts";
import { frames, pteQueue, tables } from "./memory.ts";
import type { Owner } from "./owner.ts";

/** Offers, and pages given away, by one call. */
export const transferLimit = 16;

const requests = new FixedArray<GrantTransfer, 16>();

/** Offers `peer` places for as many pages as `offers` has room for: all, or none. 1 to 16. @allocates */
export function offerPlaces(
  peer: DomId,
  offers: Slice<PageOffer>,
  owner: Owner,
): Result<undefined, GrantFault> {
  assert(offers.length <= transferLimit, "up to 16 places are offered at once");
  const reserved = grants.reserve(offers.length);
  if (!reserved.ok) return reserved;
  const places = new FixedArray<Pfn, 16>();
  for (let at: usize = 0; at < offers.length; at++) {
    const frame = frames.allocate(owner);
    if (!frame.ok) {
      for (const taken of places.slice(0, at)) giveBack(taken);
      return err(GrantFault.NoPlace);
    }
    places[at] = frame.value;
  }
  balloon.giveOwn(places.slice(0, offers.length));
  for (let at: usize = 0; at < offers.length; at++) {
    frames.expect(places[at]);
    const offered = grants.offer(places[at], peer);
    assert(offered.ok, "the references were reserved");
    offers[at] = offered.value;
  }
  return ok();
}

/**
 * Ends an offer: the page that has come, which is `owner`'s, with what the peer wrote there; nothing where none has. Then a
 * frame from Xen takes the place, if Xen gives one.
 */
export function takePage(offer: PageOffer, owner: Owner): Result<Pfn> {
  const place = grants.placeOf(offer);
  const came = grants.endOffer(offer);
  if (!isFrame(came)) {
    frames.forget(place);
    balloon.noteVacant(place);
    const grown = balloon.grow(1);
    if (!grown.ok) log.debug("an offered place stays empty until the domain is to grow");
    return err("no page has come");
  }
  openPage(place, came);
  frames.receive(place, owner);
  balloon.pages++;
  return ok(place);
}

/** Why nothing was given away. */
export const enum GiveFault {
  /** A page that is not a block of its own, which the frame allocator gave out; */
  NotAllocated,
  /** one that a peer can reach; */
  StillGranted,
  /** or Xen does no transfers. */
  Forbidden,
}

export function describeGiveFault(fault: GiveFault): string {
  switch (fault) {
    case GiveFault.NotAllocated:
      return "only what the frame allocator gave out, frame by frame, can be given away";
    case GiveFault.StillGranted:
      return "a page that a peer can reach cannot be given away";
    case GiveFault.Forbidden:
      return "Xen does no transfers (gnttab=no-transfer)";
  }
}

/**
 * Gives pages to `peer`, each by a reference of an offer: 1 to 16, by one hypercall. What became of each stands in `outcomes`;
 * `isKept` says whether it is still ours, which is seldom: where the peer does not take a page, Xen frees it. An error is
 * for all, and nothing has happened.
 */
export function givePages(
  pages: Slice<Pfn>,
  peer: DomId,
  refs: Slice<GrantRef>,
  outcomes: Slice<GrantStatus>,
): Result<undefined, GiveFault> {
  assert(pages.length <= transferLimit, "up to 16 pages are given at once");
  for (const page of pages) {
    const free = frames.mayLeave(page);
    if (!free.ok)
      return err(free.error === MemoryFault.StillGranted ? GiveFault.StillGranted : GiveFault.NotAllocated);
  }
  const sent = requests.slice(0, pages.length);
  for (const [at, request] of sent.entries()) {
    request.mfn = mfnOf(pages[at]);
    request.domid = peer;
    request.ref = refs[at];
    request.status = GrantStatus.BadPage; // until Xen says otherwise
  }
  closePages(pages);
  const done = requestTransfers(sent);
  using lock = new PteLock(pteQueue);
  for (const [at, request] of sent.entries()) {
    outcomes[at] = request.status as GrantStatus;
    if (isKept(outcomes[at])) openPage(pages[at], request.mfn);
    else leave(pages[at]);
  }
  return done ? ok() : err(GiveFault.Forbidden);
}

/** Of one outcome: whether the page is still ours (grant_table.h, `struct gnttab_transfer`). */
export function isKept(outcome: GrantStatus): boolean {
  return outcome === GrantStatus.BadPage;
}

/** No entry of ours keeps their address, and no translation is left: Xen requires both. */
function closePages(pages: Slice<Pfn>): void {
  using lock = new PteLock(pteQueue);
  for (const page of pages) {
    tables.unmap(tables.kernelRoot, kernelAddress(page), 1);
    setP2m(page, noFrame());
  }
}

/** Puts `frame` at `place`, where one was before: so the page tables are there. */
function openPage(place: Pfn, frame: Mfn): void {
  setP2m(place, frame);
  using lock = new PteLock(pteQueue);
  const mapped = tables.map(tables.kernelRoot, kernelAddress(place), 1, new OneFrame(frame), writable);
  assert(mapped.ok, "page tables stay");
}

function leave(page: Pfn): void {
  frames.withdraw(page);
  balloon.noteMissing(page);
}

function giveBack(frame: Pfn): void {
  const released = frames.release(frame);
  assert(released.ok, "it was allocated just now");
}
