//> version 1: read-write opens with 1, read-only with 5; 16 TB and more: refused
//> version 1, the peer comes before, between, never: busy, busy, ended
//> version 2, the peer comes before, between, never: busy, busy, ended
//> version 2, busy: no new user can come, and it ends when the old one has gone
//> version 1, an offer: open with 2, committed: cannot be taken back, completed: frame 0xabcdef
//> version 2, an offer: open with 2, committed: cannot be taken back, completed: frame 0xabcdef012
//> an offer that nobody takes up is taken back; one of a new table is closed already
/** Ending access, or an offer, while the peer sets its bits, at each step of it. */
import { print } from "xenlet:host";
import { addressOf, sharedAt } from "xenlet:unsafe";
import { GrantAccess, type GrantEntries } from "../../../../kernel/arch/x86-xen/grant-entries.ts";
import { GrantEntriesV1 } from "../../../../kernel/arch/x86-xen/grant-entries-v1.ts";
import { GrantEntriesV2 } from "../../../../kernel/arch/x86-xen/grant-entries-v2.ts";
import { mfnNumber, toMfn, toPfn } from "../../../../kernel/xen-abi/addresses.ts";
import { domIdNumber, toDomId } from "../../../../kernel/xen-abi/domain.ts";
import {
  GrantEntryV1,
  GrantEntryV2,
  GrantFlag,
  toGrantRef,
  TransferFlag,
} from "../../../../kernel/xen-abi/grant-table.ts";

const table = new FixedArray<u64, 128>();
const statusWords = new FixedArray<u64, 16>();
const peer = 5;
const ref = 9;

export function main(): i32 {
  version1();
  version2();
  offerVersion1();
  offerVersion2();
  print("an offer that nobody takes up is taken back; one of a new table is closed already");
  return 0;
}

function version1(): void {
  const entries = new GrantEntriesV1(addressOf(table));
  const entry = sharedAt<GrantEntryV1>(addressOf(table) + ref * 8);
  const at = toGrantRef(ref);
  assert(entries.give(at, toDomId(peer), toMfn(0x1234), GrantAccess.ReadWrite), "the frame fits");
  assert(entry.frame.load("relaxed") === 0x1234, "the frame is named");
  assert(domIdNumber(entries.peerOf(at)) === peer, "the peer is named");
  const open = entry.flags.load("relaxed");
  assert(!entries.isReadOnly(at) && !entries.isUsed(at), "nobody uses it, and it is writable");
  assert(entries.end(at) && entry.flags.load("relaxed") === 0, "it closes");
  entries.give(at, toDomId(peer), toMfn(0x1234), GrantAccess.ReadOnly);
  assert(entries.isReadOnly(at), "the peer may not write");
  const shut = entry.flags.load("relaxed");
  entries.end(at);
  const high = entries.give(at, toDomId(peer), toMfn(0x100000000), GrantAccess.ReadOnly);
  assert(entry.flags.load("relaxed") === 0, "what cannot be named is not opened");
  print(
    `version 1: read-write opens with ${open}, read-only with ${shut}; 16 TB and more: ${high ? "given" : "refused"}`,
  );

  entries.give(at, toDomId(peer), toMfn(0x1234), GrantAccess.ReadWrite);
  entry.flags.fetchOr(GrantFlag.Reading, "seqcst");
  const before = entries.end(at);
  assert(entry.flags.load("relaxed") === 9, "a busy entry stays as it is");
  entry.flags.fetchAnd(GrantFlag.PermitAccess, "seqcst");
  const seen = entries.look(at);
  entry.flags.fetchOr(GrantFlag.Writing, "seqcst");
  const between = entries.close(at, seen);
  assert(entry.flags.load("relaxed") === 17, "an entry that changed meanwhile stays as it is");
  entry.flags.fetchAnd(GrantFlag.PermitAccess, "seqcst");
  const never = entries.end(at);
  assert(entry.flags.load("relaxed") === 0, "it is closed");
  print(
    `version 1, the peer comes before, between, never: ${word(before)}, ${word(between)}, ${word(never)}`,
  );
}

function version2(): void {
  const entries = new GrantEntriesV2(addressOf(table), addressOf(statusWords));
  const entry = sharedAt<GrantEntryV2>(addressOf(table) + ref * 16);
  const status = sharedAt<u16>(addressOf(statusWords) + ref * 2);
  const at = toGrantRef(ref);
  entries.give(at, toDomId(peer), toMfn(0x123456789), GrantAccess.ReadOnly);
  assert(entry.frame.load("relaxed") === 0x123456789, "the frame is named, however high");
  assert(
    domIdNumber(entries.peerOf(at)) === peer && entries.isReadOnly(at),
    "the peer is named, and may read",
  );
  status.store(GrantFlag.Reading, "seqcst");
  const before = entries.end(at);
  const closed = entry.hdr.flags.load("relaxed") === 0;
  const again = entries.end(at);
  status.store(0, "seqcst");
  const gone = entries.end(at);

  entries.give(at, toDomId(peer), toMfn(1), GrantAccess.ReadWrite);
  entries.close(at);
  status.store(GrantFlag.Writing, "seqcst"); // Xen had seen the flags before they were closed
  const between = !entries.isUsed(at);
  status.store(0, "seqcst");
  entries.give(at, toDomId(peer), toMfn(1), GrantAccess.ReadWrite);
  const never = entries.end(at);
  print(
    `version 2, the peer comes before, between, never: ${word(before)}, ${word(between)}, ${word(never)}`,
  );
  assert(closed && !again && gone, "a busy entry");
  print("version 2, busy: no new user can come, and it ends when the old one has gone");
}

function word(ended: boolean): string {
  return ended ? "ended" : "busy";
}

function offerVersion1(): void {
  const entries = new GrantEntriesV1(addressOf(table));
  const entry = sharedAt<GrantEntryV1>(addressOf(table) + ref * 8);
  const at = toGrantRef(ref);
  entries.offer(at, toDomId(peer), toPfn(0x55));
  assert(entry.frame.load("relaxed") === 0x55, "the place is named");
  const opened = entry.flags.load("relaxed");
  accept(entries, entry.flags);
  entry.frame.store(0xabcdef, "relaxed");
  print(
    `version 1, an offer: open with ${opened}, committed: cannot be taken back, completed: frame 0x${hex(complete(entries, entry.flags))}`,
  );
}

function offerVersion2(): void {
  const entries = new GrantEntriesV2(addressOf(table), addressOf(statusWords));
  const entry = sharedAt<GrantEntryV2>(addressOf(table) + ref * 16);
  const at = toGrantRef(ref);
  entries.offer(at, toDomId(peer), toPfn(0x55));
  assert(entry.frame.load("relaxed") === 0x55, "the place is named");
  const opened = entry.hdr.flags.load("relaxed");
  accept(entries, entry.hdr.flags);
  entry.frame.store(0xabcdef012, "relaxed");
  print(
    `version 2, an offer: open with ${opened}, committed: cannot be taken back, completed: frame 0x${hex(complete(entries, entry.hdr.flags))}`,
  );
}

/** Takes an open offer back, makes it again, and has Xen commit itself. */
function accept(entries: GrantEntries, flags: Shared<u16>): void {
  const at = toGrantRef(ref);
  assert(domIdNumber(entries.peerOf(at)) === peer && entries.isOffer(at), "the peer is named");
  assert(!entries.isFilled(at), "nothing has come");
  assert(entries.withdraw(at) && flags.load("relaxed") === 0, "it is taken back");
  assert(entries.withdraw(at) && !entries.isOffer(at), "and closed");
  entries.offer(at, toDomId(peer), toPfn(0x55));
  flags.fetchOr(TransferFlag.TransferCommitted, "seqcst");
  assert(!entries.withdraw(at) && !entries.isFilled(at), "it is too late, and too early");
}

function complete(entries: GrantEntries, flags: Shared<u16>): u64 {
  const at = toGrantRef(ref);
  flags.fetchOr(TransferFlag.TransferCompleted, "seqcst");
  assert(!entries.withdraw(at) && entries.isFilled(at), "a page has come");
  const came = mfnNumber(entries.collect(at));
  assert(flags.load("relaxed") === 0, "the entry is vacant");
  return came;
}
