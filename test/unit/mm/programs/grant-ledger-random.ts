//> 40000 steps: no page of which a peer has a mapping was ever free, and every reference had one owner
//> some grants were busy, some requests refused: true, true
//> at the end: 0 grants, 0 busy, all pages back
/** The ledger of grants against peers that map and unmap when they like, on a table that can grow to four pages. */
import { print } from "xenlet:host";
import { addressOf } from "xenlet:unsafe";
import { GrantAccess, type GrantEntries } from "../../../../kernel/arch/x86-xen/grant-entries.ts";
import { GrantEntriesV1 } from "../../../../kernel/arch/x86-xen/grant-entries-v1.ts";
import { GrantFault } from "../../../../kernel/arch/x86-xen/grant-fault.ts";
import type { GrantStore } from "../../../../kernel/arch/x86-xen/grant-table.ts";
import {
  GrantLedger,
  GrantRecord,
  refOf,
  type Grant,
  type RecordStore,
} from "../../../../kernel/mm/grant-ledger.ts";
import { Owner } from "../../../../kernel/mm/owner.ts";
import { pfnNumber, toMfn, toPfn, type Pfn } from "../../../../kernel/xen-abi/addresses.ts";
import { domIdZero, type DomId } from "../../../../kernel/xen-abi/domain.ts";
import {
  GrantFlag,
  grantRefNumber,
  toGrantRef,
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

/** Grants that the test has. */
const own = new FixedArray<Grant, 48>();
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
  for (let number: u32 = 8; number < table.references(); number++) entry(number).fetchAnd(7, "seqcst");
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
  switch (random(6)) {
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
    default: // the peer lets go
      entry(number).fetchAnd(7, "seqcst");
      ledger.lookAgain(random(3) as u32);
  }
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
