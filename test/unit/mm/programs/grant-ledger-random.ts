//> 40000 steps: no page of which a peer has a mapping was ever free, and every reference had one owner
//> some grants were busy, some requests refused: true, true
//> of the offers, some were filled, some not: true, true; each ended with the frame that came for its place
//> at the end: 0 grants, 0 busy, all pages back
/** The ledger of grants and offers against peers that map, unmap and give pages when they like, on a table that can grow to four pages. */
import { print } from "xenlet:host";
import { addressOf } from "xenlet:unsafe";
import { GrantAccess, type GrantEntries } from "../../../../kernel/arch/x86-xen/grant-entries.ts";
import { GrantEntriesV1 } from "../../../../kernel/arch/x86-xen/grant-entries-v1.ts";
import { isFrame, noFrame } from "../../../../kernel/arch/x86-xen/frame-sequence.ts";
import { GrantFault } from "../../../../kernel/arch/x86-xen/grant-fault.ts";
import type { GrantStore } from "../../../../kernel/arch/x86-xen/grant-table.ts";
import {
  GrantLedger,
  GrantRecord,
  refOf,
  type Grant,
  type PageOffer,
  type RecordStore,
} from "../../../../kernel/mm/grant-ledger.ts";
import { Owner } from "../../../../kernel/mm/owner.ts";
import {
  mfnNumber,
  pfnNumber,
  toMfn,
  toPfn,
  type Mfn,
  type Pfn,
} from "../../../../kernel/xen-abi/addresses.ts";
import { domIdZero, type DomId } from "../../../../kernel/xen-abi/domain.ts";
import {
  GrantFlag,
  grantRefNumber,
  toGrantRef,
  TransferFlag,
  type GrantRef,
} from "../../../../kernel/xen-abi/grant-table.ts";
import { hostAllocator, startHostMemory } from "../../../fakes/host-memory.ts";

const perPage = 16;
const pageLimit = 4;
const steps = 40000;

const memory = new FixedArray<u64, 64>();

@struct
class SimulatedTable implements GrantStore {
  pages: u32 = 0;

  references(): u32 {
    return this.pages * perPage;
  }

  grow(): Result<undefined, GrantFault> {
    if (this.pages === pageLimit) return err(GrantFault.OutOfReferences);
    this.pages++;
    return ok();
  }

  give(ref: GrantRef, peer: DomId, frame: Pfn, access: GrantAccess): boolean {
    assert(grantRefNumber(ref) >= 8 && grantRefNumber(ref) < this.references(), "the entry is ours");
    const entries = new GrantEntriesV1(addressOf(memory));
    assert(entries.look(ref) === 0, "the entry is vacant");
    return entries.give(ref, peer, toMfn(pfnNumber(frame)), access);
  }

  end(ref: GrantRef): boolean {
    const entries = new GrantEntriesV1(addressOf(memory));
    return entries.end(ref);
  }

  offer(ref: GrantRef, peer: DomId, place: Pfn): void {
    const entries = new GrantEntriesV1(addressOf(memory));
    assert(entries.look(ref) === 0, "the entry is vacant");
    entries.offer(ref, peer, place);
  }

  isFilled(ref: GrantRef): boolean {
    const entries = new GrantEntriesV1(addressOf(memory));
    return entries.isFilled(ref);
  }

  endOffer(ref: GrantRef): Mfn {
    const entries = new GrantEntriesV1(addressOf(memory));
    if (entries.withdraw(ref)) return noFrame();
    if (!entries.isFilled(ref)) complete(grantRefNumber(ref)); // Xen goes on while we wait
    return entries.collect(ref);
  }

  entries(): GrantEntries {
    assert(false, "nobody reports here");
    return unused;
  }
}

@struct
class SimulatedRecords implements RecordStore {
  extend(count: u32): Result<Slice<GrantRecord>, GrantFault> {
    return ok(records.slice(0, count));
  }
}

const unused = new GrantEntriesV1(0);
const table = new SimulatedTable();
const store = new SimulatedRecords();
const records = new FixedArray<GrantRecord, 64>();
const reserved = new FixedArray<GrantRecord, 8>();
const ledger = new GrantLedger<SimulatedTable>(table, store, hostAllocator, reserved);

/** Grants and offers that the test has. */
const own = new FixedArray<Grant, 48>();
const offers = new FixedArray<PageOffer, 8>();
let filled: u64 = 0;
let unfilled: u64 = 0;
let state: u64 = 88172645463325252;
let refused: u64 = 0;

export function main(): i32 {
  startHostMemory(512);
  const free = hostAllocator.free;
  for (let step: u64 = 0; step < steps; step++) {
    doStep();
    checkMappings();
  }
  print(
    `${steps as u64} steps: no page of which a peer has a mapping was ever free, and every reference had one owner`,
  );
  print(`some grants were busy, some requests refused: ${ledger.delayed > 100}, ${refused > 100}`);
  print(
    `of the offers, some were filled, some not: ${filled > 100}, ${unfilled > 100}; each ended with the frame that came for its place`,
  );
  for (let number: u32 = 8; number < table.references(); number++) letGo(number);
  for (let at: usize = 0; at < offers.length; at++) {
    if (held(offers[at])) endOffer(at);
  }
  for (let at: usize = 0; at < own.length; at++) {
    if (held(own[at])) ledger.endAndRelease(take(own[at]));
  }
  ledger.lookAgain(ledger.busy);
  print(
    `at the end: ${ledger.inUse} grants, ${ledger.busy} busy, ${hostAllocator.free === free ? "all pages back" : "pages missing"}`,
  );
  return 0;
}

function doStep(): void {
  const at: usize = random(own.length);
  const number = 8 + (random(56) as u32);
  switch (random(8)) {
    case 0:
    case 1:
      if (!held(own[at])) give(at);
      break;
    case 2:
      if (held(own[at])) ledger.endAndRelease(take(own[at]));
      break;
    case 3:
    case 4: // the peer maps what it may
      if ((entry(number).load("relaxed") & GrantFlag.PermitAccess) !== 0)
        entry(number).fetchOr(random(2) === 0 ? GrantFlag.Reading : GrantFlag.Writing, "seqcst");
      break;
    case 5:
      useOffer(random(offers.length));
      break;
    case 6: // the peer gives a page
      if (entry(number).load("relaxed") === TransferFlag.AcceptTransfer)
        entry(number).fetchOr(TransferFlag.TransferCommitted, "seqcst");
      else if ((entry(number).load("relaxed") & 7) === 6) complete(number);
      break;
    default: // the peer lets go
      letGo(number);
      ledger.lookAgain(random(3) as u32);
  }
}

function letGo(number: u32): void {
  if ((entry(number).load("relaxed") & GrantFlag.PermitAccess) !== 0) entry(number).fetchAnd(7, "seqcst");
}

/** Xen writes the frame, which here follows from the place, and then says so. */
function complete(number: u32): void {
  const entries = new GrantEntriesV1(addressOf(memory));
  const flags = entry(number);
  if ((flags.load("relaxed") & TransferFlag.TransferCompleted) !== 0) return;
  const place = entries.entry(toGrantRef(number)).frame;
  place.store(place.load("relaxed") + 0x100000, "relaxed");
  flags.fetchOr(TransferFlag.TransferCompleted, "release");
}

/** Offers a place, or ends an offer. Places are numbers that the allocator does not have. */
function useOffer(at: usize): void {
  if (held(offers[at])) return endOffer(at);
  const offered = ledger.offer(toPfn(10000 + at), domIdZero);
  if (offered.ok) offers[at] = offered.value;
  else assert(ledger.inUse === 56, "only a full table refuses");
}

function endOffer(at: usize): void {
  const wasFilled = ledger.isFilled(offers[at]);
  assert(pfnNumber(ledger.placeOf(offers[at])) === 10000 + at, "an offer keeps its place");
  const came = ledger.endOffer(take(offers[at]));
  assert(!wasFilled || isFrame(came), "a page that came is not lost");
  if (isFrame(came)) assert(mfnNumber(came) === 10000 + at + 0x100000, "the frame is for that place");
  if (isFrame(came)) filled++;
  else unfilled++;
}

function give(at: usize): void {
  const frame = hostAllocator.allocate(Owner.Tests);
  if (!frame.ok) return;
  const grant = ledger.give(frame.value, domIdZero, GrantAccess.ReadWrite);
  if (!grant.ok) {
    refused++;
    assert(grant.error === GrantFault.OutOfReferences && ledger.inUse === 56, "only a full table refuses");
    assert(hostAllocator.release(frame.value).ok, "a page that was not granted is free");
    return;
  }
  assert(grantRefNumber(refOf(grant.value)) >= 8, "the first references are the toolstack's");
  own[at] = grant.value;
}

/** What a peer has mapped must be in use. */
function checkMappings(): void {
  for (let number: u32 = 8; number < table.references(); number++) {
    if ((entry(number).load("relaxed") & GrantFlag.PermitAccess) === 0) continue;
    assert(ledger.isGranted(number), "an open entry has a grant");
    assert(hostAllocator.isUsed(ledger.records[number].frame), "its page is in use");
  }
}

function entry(number: u32): Shared<u16> {
  const entries = new GrantEntriesV1(addressOf(memory));
  return entries.entry(toGrantRef(number)).flags;
}

function random(limit: u64): u64 {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state % limit;
}
