/**
 * `test=grants`: the grant table under Xen, this domain being its own peer, which Xen does not tell from another one.
 * `test=held-grant`: a page that dom0 maps, and lets go of when it likes.
 */
import { ptr } from "xenlet:unsafe";
import { describeWindowFault, type ForeignWindow } from "../arch/x86-xen/foreign-windows.ts";
import { probeWrite } from "../arch/x86-xen/fixups.ts";
import { copyFromGrant, copyToGrant, runCopies } from "../arch/x86-xen/grant-copy.ts";
import { GrantAccess } from "../arch/x86-xen/grant-entries.ts";
import { describeGrantFault, GrantFault } from "../arch/x86-xen/grant-fault.ts";
import { kernelAddress } from "../arch/x86-xen/kernel-frames.ts";
import { ownDomain } from "../arch/x86-xen/own-domain.ts";
import { systemTime } from "../arch/x86-xen/system-time.ts";
import * as log from "../lib/log.ts";
import { describeMemoryFault } from "../lib/memory-fault.ts";
import { panic } from "../lib/panic.ts";
import { LogPrinter } from "../lib/printer.ts";
import { refOf, type Grant } from "../mm/grant-ledger.ts";
import { printGrants } from "../mm/grant-report.ts";
import { foreignWindows, grants, grantTable } from "../mm/grants.ts";
import { frames } from "../mm/memory.ts";
import { MemoryMark } from "../mm/memory-report.ts";
import { Owner } from "../mm/owner.ts";
import { sleepUntil } from "../sched/scheduler.ts";
import { pfnNumber, toPfn, virtNumber, type Pfn } from "../xen-abi/addresses.ts";
import { domIdNumber, domIdZero, toDomId, type DomId } from "../xen-abi/domain.ts";
import {
  describeGrantStatus,
  GrantCopy,
  GrantStatus,
  grantRefNumber,
  toGrantRef,
  type GrantRef,
} from "../xen-abi/grant-table.ts";

const printer = new LogPrinter();
/** More than any table that a test has. */
const many = new FixedArray<Grant, 36000>();

/** Runs in a task. @allocates */
export function testGrants(): void {
  const asked = ownDomain();
  if (!asked.ok) panic("Xen does not say which domain this is");
  const self = asked.value;
  const mark = new MemoryMark();
  noMemory();
  shareOnePage(self);
  readOnly(self);
  refuseStrangers(self);
  sharePages(self);
  copyPieces(self);
  beginAnew(self);
  fillTable();
  printGrants(printer);
  if (grants.inUse !== 0 || foreignWindows.used !== 0 || frames.granted !== 0) panic("grants were lost");
  if (mark.printLeaks(printer) > 0) panic("memory was lost");
  log.info(`self-test grants: version ${grantTable.version} of domain ${domIdNumber(self)}: success`);
}

/** Without memory, the table cannot begin; afterwards it can. */
function noMemory(): void {
  const frame = takeFrame();
  frames.allowance = 0;
  if (grants.reserve(1).ok) panic("a table without memory");
  const refused = grants.give(frame, domIdZero, GrantAccess.ReadWrite);
  if (refused.ok) panic("a table without memory");
  log.info(`without memory: ${describeGrantFault(refused.error)}`);
  frames.allowance = 0xffffffffffffffff;
  const reserved = grants.reserve(100);
  if (!reserved.ok) panic(describeGrantFault(reserved.error));
  frames.allowance = 0;
  for (let at: usize = 0; at < 100; at++) many[at] = give(frame, domIdZero, GrantAccess.ReadOnly);
  endMany(100);
  frames.allowance = 0xffffffffffffffff;
  giveBack(frame);
}

/** Both see what the other writes; and a page that is in use stays where it is. */
function shareOnePage(self: DomId): void {
  const frame = takeFrame();
  const grant = give(frame, self, GrantAccess.ReadWrite);
  const window = mapOne(self, refOf(grant), GrantAccess.ReadWrite);
  const there = ptr<u64>(virtNumber(foreignWindows.addressOf(window)));
  const here = ptr<u64>(addressOfFrame(frame));
  here.store(1);
  if (there.load() !== 1) panic("the peer does not see the page");
  there.store(2);
  if (here.load() !== 2) panic("the peer cannot write to the page");

  if (!grants.table.entries().isUsed(refOf(grant))) panic("Xen does not say that the page is in use");
  const early = frames.release(frame);
  if (early.ok) panic("a page was given back that a peer can reach");
  log.info(`a granted page: ${describeMemoryFault(early.error)}`);
  const before = frames.owned[Owner.Tests];
  if (grants.endAndRelease(grant)) panic("a grant ended that its peer uses");
  if (grants.lookAgain(1) !== 0) panic("a grant ended that its peer uses");
  if (frames.owned[Owner.Tests] !== before) panic("a page was given back that a peer has mapped");
  there.store(3);
  if (here.load() !== 3) panic("the page that a peer has mapped has changed");
  foreignWindows.unmap(window);
  if (grants.lookAgain(1) !== 1) panic("the peer has let go, and the grant does not end");
  if (frames.owned[Owner.Tests] !== before - 1) panic("the page does not come back");
  log.info("a busy grant: kept until the peer let go");
  const free = grants.give(frame, self, GrantAccess.ReadWrite);
  if (free.ok) panic("a page was granted that nobody has");
  log.info(`a free page: ${describeGrantFault(free.error)}`);
}

/** The peer reads, and has no way to write. */
function readOnly(self: DomId): void {
  const frame = takeFrame();
  const grant = give(frame, self, GrantAccess.ReadOnly);
  expectRefusal("writing to a read-only page", self, refOf(grant), GrantAccess.ReadWrite);
  const window = mapOne(self, refOf(grant), GrantAccess.ReadOnly);
  const there = virtNumber(foreignWindows.addressOf(window));
  ptr<u64>(addressOfFrame(frame)).store(7);
  if (ptr<u64>(there).load() !== 7) panic("the peer does not see the read-only page");
  if (probeWrite(there, 8).ok) panic("a read-only page was written to");
  foreignWindows.unmap(window);
  const copies = new FixedArray<GrantCopy, 1>();
  copyToGrant(copies[0], { frame, offset: 0 }, { peer: self, ref: refOf(grant), offset: 8 }, 8);
  runCopies(copies);
  if (copies[0].status === GrantStatus.Okay) panic("a read-only page was copied to");
  finish(grant);
}

/** Each fault that a peer can meet, in words. */
function refuseStrangers(self: DomId): void {
  const frame = takeFrame();
  const grant = give(frame, domIdZero, GrantAccess.ReadWrite);
  expectRefusal("a page for dom0", self, refOf(grant), GrantAccess.ReadWrite);
  expectRefusal("a reference that nobody uses", self, toGrantRef(100), GrantAccess.ReadWrite);
  expectRefusal("a reference beyond the table", self, toGrantRef(0x7fffffff), GrantAccess.ReadWrite);
  expectRefusal("a domain that is not there", toDomId(0x7000), refOf(grant), GrantAccess.ReadWrite);
  finish(grant);
}

/** Sixteen pages by one call; and none of them where one is refused. */
function sharePages(self: DomId): void {
  const block = frames.allocateBlock(4, Owner.Tests);
  if (!block.ok) panic("there is no memory for 16 pages");
  const refs = new FixedArray<GrantRef, 16>();
  for (let page: usize = 0; page < refs.length; page++) {
    many[page] = give(pageOf(block.value, page), self, GrantAccess.ReadWrite);
    refs[page] = refOf(many[page]);
    ptr<u64>(addressOfFrame(pageOf(block.value, page))).store(page);
  }
  const window = foreignWindows.map(self, refs, GrantAccess.ReadWrite);
  if (!window.ok) panic(`16 pages: ${describeWindowFault(window.error)}`);
  const start = virtNumber(foreignWindows.addressOf(window.value));
  for (let page: usize = 0; page < refs.length; page++) {
    if (ptr<u64>(start + page * 4096).load() !== page) panic("the pages are not in order");
  }
  foreignWindows.unmap(window.value);

  const good = refs[9];
  refs[9] = toGrantRef(200);
  const partly = foreignWindows.map(self, refs, GrantAccess.ReadWrite);
  if (partly.ok) panic("a page was mapped that nobody granted");
  if (partly.error.kind !== "refused" || partly.error.at !== 9) panic("the wrong page was refused");
  refs[9] = good;
  for (let page: usize = 0; page + 1 < refs.length; page++) {
    if (grants.table.entries().isUsed(refs[page])) panic("a window that was refused left a mapping");
    end(take(many[page]));
  }
  if (frames.release(block.value).ok) panic("a block was given back of which a page is granted");
  finish(take(many[15]));
  log.info("16 pages: mapped and unmapped by one call each");
}

/** Copies in both directions, in one batch; a bad one does not stop the others. */
function copyPieces(self: DomId): void {
  const granted = takeFrame();
  const own = takeFrame();
  const grant = give(granted, self, GrantAccess.ReadWrite);
  const ref = refOf(grant);
  ptr<u64>(addressOfFrame(granted)).store(0x1122);
  const copies = new FixedArray<GrantCopy, 3>();
  copyFromGrant(copies[0], { peer: self, ref, offset: 0 }, { frame: own, offset: 64 }, 8);
  copyFromGrant(copies[1], { peer: self, ref, offset: 4090 }, { frame: own, offset: 0 }, 8);
  copyToGrant(copies[2], { frame: own, offset: 64 }, { peer: self, ref, offset: 256 }, 8);
  runCopies(copies);
  log.info(`a copy across the end of a page: ${describeGrantStatus(copies[1].status as GrantStatus)}`);
  if (copies[0].status !== GrantStatus.Okay || copies[2].status !== GrantStatus.Okay)
    panic("a copy was refused");
  if (copies[1].status !== GrantStatus.BadCopyArg) panic("a copy crossed the end of a page");
  if (ptr<u64>(addressOfFrame(own) + 64).load() !== 0x1122) panic("the copy out of the page is wrong");
  if (ptr<u64>(addressOfFrame(granted) + 256).load() !== 0x1122) panic("the copy into the page is wrong");
  finish(grant);
  giveBack(own);
}

/** The table is taken down and set up, as after a restore; here Xen has kept the entries. */
function beginAnew(self: DomId): void {
  const grant = give(takeFrame(), self, GrantAccess.ReadWrite);
  const restarted = grantTable.restart();
  if (!restarted.ok) panic(`the table does not begin anew: ${describeGrantFault(restarted.error)}`);
  foreignWindows.unmap(mapOne(self, refOf(grant), GrantAccess.ReadWrite));
  finish(grant);
}

/** Every reference that Xen allows, and what comes then. */
function fillTable(): void {
  const frame = takeFrame();
  let count: usize = 0;
  for (;;) {
    const grant = grants.give(frame, domIdZero, GrantAccess.ReadOnly);
    if (!grant.ok) {
      if (grant.error !== GrantFault.OutOfReferences) panic(describeGrantFault(grant.error));
      log.info(`${count} grants in ${grantTable.pages} pages: ${describeGrantFault(grant.error)}`);
      break;
    }
    many[count] = grant.value;
    count++;
  }
  printGrants(printer);
  endMany(count);
  finish(give(frame, domIdZero, GrantAccess.ReadWrite));
}

/**
 * Grants a page to dom0, waits until that has it mapped, ends the grant and gives the page back; which happens by itself
 * when dom0 lets go. @allocates @blocks
 */
export function holdGrant(): void {
  const frame = takeFrame();
  const word = ptr<u64>(addressOfFrame(frame));
  word.store(0x78656e6c6574); // "telnex"
  const grant = give(frame, domIdZero, GrantAccess.ReadWrite);
  const ref = refOf(grant);
  log.info(`held grant: reference ${grantRefNumber(ref)}`);
  while (!grants.table.entries().isUsed(ref)) doze();
  const atOnce = grants.endAndRelease(grant);
  log.info(`held grant: ${atOnce ? "ended at once" : "busy"}`);
  printGrants(printer);
  while (grants.busy > 0) doze(); // nothing is given or ended meanwhile
  log.info(`held grant: ended, ${frames.granted} grants left; the peer wrote 0x${hex(word.load())}`);
}

/** @blocks */
function doze(): void {
  sleepUntil(systemTime() + 10000000);
}

function addressOfFrame(frame: Pfn): u64 {
  return virtNumber(kernelAddress(frame));
}

/** Frame `index` of a block. */
function pageOf(block: Pfn, index: u64): Pfn {
  return toPfn(pfnNumber(block) + index);
}

function takeFrame(): Pfn {
  const frame = frames.allocate(Owner.Tests);
  if (!frame.ok) panic("there is no memory for a page");
  return frame.value;
}

function giveBack(frame: Pfn): void {
  const released = frames.release(frame);
  if (!released.ok) panic(describeMemoryFault(released.error));
}

function give(frame: Pfn, peer: DomId, access: GrantAccess): Grant {
  const grant = grants.give(frame, peer, access);
  if (!grant.ok) panic(`a page is not granted: ${describeGrantFault(grant.error)}`);
  return grant.value;
}

/** Ends a grant that nobody uses. */
function end(grant: Grant): void {
  if (!grants.end(grant)) panic("a grant does not end that nobody uses");
}

/** Ends the first ones of `many`. */
function endMany(count: usize): void {
  for (let at: usize = 0; at < count; at++) end(take(many[at]));
}

/** The same, and gives its page back. */
function finish(grant: Grant): void {
  if (!grants.endAndRelease(grant)) panic("a grant does not end that nobody uses");
}

function mapOne(peer: DomId, ref: GrantRef, access: GrantAccess): ForeignWindow {
  const refs = new FixedArray<GrantRef, 1>();
  refs[0] = ref;
  const window = foreignWindows.map(peer, refs, access);
  if (!window.ok) panic(`a page is not mapped: ${describeWindowFault(window.error)}`);
  return window.value;
}

function expectRefusal(what: string, peer: DomId, ref: GrantRef, access: GrantAccess): void {
  const refs = new FixedArray<GrantRef, 1>();
  refs[0] = ref;
  const window = foreignWindows.map(peer, refs, access);
  if (window.ok) panic(`${what}: mapped`);
  log.info(`${what}: ${describeWindowFault(window.error)}`);
}
