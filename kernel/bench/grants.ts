/** What grants cost: given and ended, and mapped and copied from by this domain, which is its own peer here. */
import { foreignWindows, grants } from "../mm/grants.ts";
import { copyFromGrant, runCopies } from "../arch/x86-xen/grant-copy.ts";
import { GrantAccess } from "../arch/x86-xen/grant-entries.ts";
import { ownDomain } from "../arch/x86-xen/own-domain.ts";
import { refOf } from "../mm/grant-ledger.ts";
import { frames } from "../mm/memory.ts";
import { Owner } from "../mm/owner.ts";
import { pageSize, type Pfn } from "../xen-abi/addresses.ts";
import { domIdZero, type DomId } from "../xen-abi/domain.ts";
import { GrantCopy, GrantStatus, noGrantRef, type GrantRef } from "../xen-abi/grant-table.ts";
import { measure } from "./measure.ts";

const batch = 16;

let self: DomId = domIdZero;
/** The page that is given, and the one that is copied to. */
const pages = new FixedArray<Pfn, 2>();
/** As many names for one grant: it can be mapped and copied as often as one likes. */
const refs = new FixedArray<GrantRef, 16>();
const copies = new FixedArray<GrantCopy, 16>();

/** @allocates */
export function measureGrants(): void {
  const one = frames.allocate(Owner.Tests);
  const two = frames.allocate(Owner.Tests);
  const asked = ownDomain();
  if (!one.ok || !two.ok || !asked.ok || !grants.reserve(1).ok) return;
  pages[0] = one.value;
  pages[1] = two.value;
  self = asked.value;
  measure("grant.make-end", 2000, 1, giveAndEnd);
  measureForeign();
  assert(frames.release(pages[0]).ok && frames.release(pages[1]).ok, "the frames were ours");
}

/** @allocates */
function giveAndEnd(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    const grant = grants.give(pages[0], self, GrantAccess.ReadWrite);
    if (!grant.ok) return;
    assert(grants.end(grant.value), "nobody uses the page");
  }
}

/** @allocates */
function measureForeign(): void {
  const grant = grants.give(pages[0], self, GrantAccess.ReadWrite);
  if (!grant.ok) return;
  refs.fill(refOf(grant.value));
  measure("grant.map-unmap", 500, 1, mapOne);
  measure("grant.map-unmap-16", 100, batch, mapBatch);
  for (const copy of copies) {
    copyFromGrant(copy, { peer: self, ref: refs[0], offset: 0 }, { frame: pages[1], offset: 0 }, pageSize);
  }
  measure("grant.copy-4096", 500, 1, copyOne);
  measure("grant.copy-4096-16", 100, batch, copyBatch);
  refs.fill(noGrantRef);
  assert(grants.end(grant.value), "nobody uses the page");
}

/** @allocates */
function mapOne(rounds: u64): void {
  mapRounds(rounds, refs.slice(0, 1));
}

/** @allocates */
function mapBatch(rounds: u64): void {
  mapRounds(rounds, refs);
}

/** @allocates */
function mapRounds(rounds: u64, names: Slice<GrantRef>): void {
  for (let round: u64 = 0; round < rounds; round++) {
    const window = foreignWindows.map(self, names, GrantAccess.ReadWrite);
    if (!window.ok) return;
    foreignWindows.unmap(window.value);
  }
}

function copyOne(rounds: u64): void {
  copyRounds(rounds, copies.slice(0, 1));
}

function copyBatch(rounds: u64): void {
  copyRounds(rounds, copies);
}

function copyRounds(rounds: u64, requests: Slice<GrantCopy>): void {
  for (let round: u64 = 0; round < rounds; round++) runCopies(requests);
  assert(requests[0].status === GrantStatus.Okay, "the page may be read");
}
