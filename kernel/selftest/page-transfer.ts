/**
 * `test=transfer`: pages that change domains, this one being its own peer. `test=transfer-take peer=DOMAIN count=` and
 * `test=transfer-give peer=DOMAIN ref= count=`: the same between two; the references follow one another.
 */
import { describeGrantFault } from "../arch/x86-xen/grant-fault.ts";
import { GrantAccess } from "../arch/x86-xen/grant-entries.ts";
import { probeRead, probeWrite } from "../arch/x86-xen/fixups.ts";
import { describeTransfer } from "../arch/x86-xen/grant-transfer.ts";
import { OneFrame } from "../arch/x86-xen/frame-sequence.ts";
import { memoryCount } from "../arch/x86-xen/hypercall/memory.ts";
import { kernelAddress } from "../arch/x86-xen/kernel-frames.ts";
import { exerciseBase } from "../arch/x86-xen/memory-layout.ts";
import { ownDomain } from "../arch/x86-xen/own-domain.ts";
import { mfnOf, p2mDisagreements } from "../arch/x86-xen/p2m.ts";
import { writable } from "../arch/x86-xen/page-entry.ts";
import { PteLock } from "../arch/x86-xen/pte-queue.ts";
import * as log from "../lib/log.ts";
import { panic } from "../lib/panic.ts";
import { LogPrinter } from "../lib/printer.ts";
import { balloon, balloonMemory } from "../mm/balloon-memory.ts";
import { offerRef, type PageOffer } from "../mm/grant-ledger.ts";
import { printGrants } from "../mm/grant-report.ts";
import { grants, grantTable } from "../mm/grants.ts";
import { frames, pteQueue, tables } from "../mm/memory.ts";
import { MemoryMark } from "../mm/memory-report.ts";
import { Owner } from "../mm/owner.ts";
import { describeGiveFault, givePages, isKept, offerPlaces, takePage } from "../mm/page-transfer.ts";
import { sleep } from "../sched/scheduler.ts";
import { toVirtAddr, virtNumber, type Pfn } from "../xen-abi/addresses.ts";
import { domIdNumber, domIdZero, toDomId, type DomId } from "../xen-abi/domain.ts";
import { GrantStatus, grantRefNumber, toGrantRef, type GrantRef } from "../xen-abi/grant-table.ts";
import { MemoryOp } from "../xen-abi/memory.ts";
import { extent } from "./self-test.ts";

const millisecond = 1000000;
/** As many as one call takes. */
const most = 16;
/** A domain that is not there. */
const stranger = 0x7000;
const pattern: u64 = 0x78656e6c65740000;

const printer = new LogPrinter();
const offers = new FixedArray<PageOffer, 16>();
const pages = new FixedArray<Pfn, 16>();
const refs = new FixedArray<GrantRef, 16>();
const outcomes = new FixedArray<GrantStatus, 16>();

/** Runs in a task. @allocates */
export function exerciseTransfers(): void {
  const asked = ownDomain();
  if (!asked.ok) panic("Xen does not say which domain this is");
  const self = asked.value;
  if (isForbidden()) return;
  balloon.start();
  const mark = new MemoryMark();
  const before = pagesInXen();
  passToSelf(self, 1);
  passToSelf(self, most);
  keepPlaces(self);
  keepPages();
  losePages(self);
  if (pagesInXen() !== before || balloon.pages !== before) panic("pages are missing");
  if (balloonMemory.leftovers() + p2mDisagreements() > 0)
    panic("the p2m list and the direct map disagree with Xen");
  if (grants.inUse !== 0) panic("offers were lost");
  if (mark.printLeaks(printer) > 0) panic("memory was lost");
  log.info(`self-test transfer: version ${grantTable.version} of domain ${domIdNumber(self)}: success`);
}

/** Where Xen does no transfers, it says so, and the page stays as it was. */
function isForbidden(): boolean {
  const asked = givePages(pages.slice(0, 0), toDomId(stranger), refs.slice(0, 0), outcomes.slice(0, 0));
  if (asked.ok) return false;
  const before = pagesInXen();
  prepare(1, 9);
  expectFault("a page");
  requirePattern(pages[0], 9 * 4096);
  release(pages[0]);
  if (pagesInXen() !== before) panic("a page is gone that was not given");
  log.info("self-test transfer: Xen does none");
  return true;
}

/** What one gives the other takes, with its content. */
function passToSelf(self: DomId, count: usize): void {
  const before = pagesInXen();
  const total = frames.total;
  offer(self, count);
  if (pagesInXen() !== before - count || frames.total !== total - count) panic("an offer costs a frame");
  printGrants(printer);
  prepare(count, 1);
  for (let at: usize = 0; at < count; at++) {
    if (grants.isFilled(offers[at])) panic("a page has come that nobody gave");
    refs[at] = offerRef(offers[at]);
  }
  give(self, count);
  for (let at: usize = 0; at < count; at++) {
    if (outcomes[at] !== GrantStatus.Okay) panic(`a page was refused: ${describeTransfer(outcomes[at])}`);
    if (!grants.isFilled(offers[at])) panic("a page has not come");
  }
  if (pagesInXen() !== before - count) panic("who gives has a page fewer, who takes one more");
  takeAll(count, 1);
  if (frames.total !== total - count) panic("the pages that were given are still there");
  log.info(`${count} pages passed on, by one call`);
  refill(count);
}

/** An offer that nobody uses ends, and Xen fills its place; while it lasts, the balloon keeps away from there. */
function keepPlaces(self: DomId): void {
  const before = pagesInXen();
  offer(self, 2);
  const wish = balloon.step(balloon.pages + 1);
  if (wish.ok || pagesInXen() !== before - 2) panic("the balloon has filled a place that a peer may fill");
  for (let at: usize = 0; at < 2; at++) {
    const taken = takePage(take(offers[at]), Owner.Tests);
    if (taken.ok) panic("a page has come that nobody gave");
    log.info(`an offer that nobody used: ${taken.error}`);
  }
  if (pagesInXen() !== before) panic("the place of an offer that ended stays empty");
}

/** What cannot be given away stays, and stays mapped. */
function keepPages(): void {
  prepare(1, 2);
  const page = pages[0];
  const granted = grants.give(page, domIdZero, GrantAccess.ReadOnly);
  if (!granted.ok) panic(describeGrantFault(granted.error));
  expectFault("a granted page");
  if (!grants.end(granted.value)) panic("a grant does not end that nobody uses");
  {
    using lock = new PteLock(pteQueue);
    const second = tables.map(
      tables.kernelRoot,
      toVirtAddr(exerciseBase),
      1,
      new OneFrame(mfnOf(page)),
      writable,
    );
    if (!second.ok) panic("a page is not mapped twice");
  }
  give(domIdZero, 1);
  if (!isKept(outcomes[0])) panic("a page was given away that is mapped twice");
  log.info(`a page that is mapped twice: ${describeTransfer(outcomes[0])}`);
  requirePattern(page, 2 * 4096);
  {
    using lock = new PteLock(pteQueue);
    tables.unmap(tables.kernelRoot, toVirtAddr(exerciseBase), 1);
  }
  release(page);
  expectFault("a free page");
}

/** Where the peer does not take a page, it is gone all the same; Xen gives others. */
function losePages(self: DomId): void {
  loseOne("a domain that is not there", toDomId(stranger), 100);
  loseOne("a place that nobody offered", self, 100);
  loseOne("a reference beyond the table", self, 0x7fffffff);
  offer(toDomId(stranger), 1);
  loseOne("a place for another domain", self, grantRefNumber(offerRef(offers[0])));
  const taken = takePage(take(offers[0]), Owner.Tests);
  if (taken.ok) panic("a page has come from a stranger");
}

function loseOne(what: string, peer: DomId, ref: u32): void {
  const before = pagesInXen();
  prepare(1, 3);
  refs[0] = toGrantRef(ref);
  give(peer, 1);
  log.info(`${what}: ${describeTransfer(outcomes[0])}`);
  if (outcomes[0] === GrantStatus.Okay || pagesInXen() !== before - 1)
    panic("a page is neither given nor lost");
  refill(1);
}

/** Offers places for the peer's pages, and takes what comes; one is for dom0, which gives nothing. @blocks */
export function takeFromPeer(): void {
  const count: usize = min<u64>(extent.count, most);
  balloon.start();
  const before = pagesInXen();
  offer(toDomId(extent.peer as u16), count);
  const first = grantRefNumber(offerRef(offers[0]));
  log.info(`take: ${before} pages before, now ${pagesInXen()}; ${count} places from reference ${first} on`);
  for (let at: usize = 0; at + 1 < count; at++) {
    while (!grants.isFilled(offers[at])) sleep(millisecond);
  }
  takeAll(count - 1, 7);
  const unused = takePage(take(offers[count - 1]), Owner.Tests);
  log.info(`take: the last place: ${unused.ok ? "a page has come" : unused.error}`);
  log.info(`take: ${count - 1} pages as they were sent; now ${pagesInXen()} pages`);
  if (balloonMemory.leftovers() + p2mDisagreements() > 0)
    panic("the p2m list and the direct map disagree with Xen");
}

/** Gives all but the last place of the peer a page. @blocks */
export function giveToPeer(): void {
  const count: usize = min<u64>(extent.count, most) - 1;
  balloon.start();
  const before = pagesInXen();
  prepare(count, 7);
  for (let at: usize = 0; at < count; at++) refs[at] = toGrantRef((extent.ref + at) as u32);
  give(toDomId(extent.peer as u16), count);
  for (const outcome of outcomes.slice(0, count)) log.info(`give: ${describeTransfer(outcome)}`);
  log.info(`give: ${before} pages before, now ${pagesInXen()}`);
  loseOne("a place that was filled before", toDomId(extent.peer as u16), extent.ref as u32);
  if (balloonMemory.leftovers() + p2mDisagreements() > 0)
    panic("the p2m list and the direct map disagree with Xen");
}

function offer(peer: DomId, count: usize): void {
  const offered = offerPlaces(peer, offers.slice(0, count), Owner.Tests);
  if (!offered.ok) panic(`no place is offered: ${describeGrantFault(offered.error)}`);
}

function give(peer: DomId, count: usize): void {
  const given = givePages(pages.slice(0, count), peer, refs.slice(0, count), outcomes.slice(0, count));
  if (!given.ok) panic(`no page is given: ${describeGiveFault(given.error)}`);
}

function expectFault(what: string): void {
  const given = givePages(pages.slice(0, 1), domIdZero, refs.slice(0, 1), outcomes.slice(0, 1));
  if (given.ok) panic(`${what} was given away`);
  log.info(`${what}: ${describeGiveFault(given.error)}`);
}

/** Has pages to give, each filled with words of its own. */
function prepare(count: usize, mark: u64): void {
  for (let at: usize = 0; at < count; at++) {
    const frame = frames.allocate(Owner.Tests);
    if (!frame.ok) panic("there is no memory for a page");
    pages[at] = frame.value;
    for (let word: u64 = 0; word < 512; word++) {
      const written = probeWrite(addressOf(frame.value, word), pattern + mark * 4096 + at * 512 + word);
      if (!written.ok) panic("a page that was allocated cannot be written to");
    }
  }
}

/** Takes what has come; the pages must be those that were prepared. */
function takeAll(count: usize, mark: u64): void {
  for (let at: usize = 0; at < count; at++) {
    const taken = takePage(take(offers[at]), Owner.Tests);
    if (!taken.ok) panic(taken.error);
    requirePattern(taken.value, mark * 4096 + at * 512);
    release(taken.value);
  }
}

function requirePattern(page: Pfn, from: u64): void {
  for (let word: u64 = 0; word < 512; word++) {
    const found = probeRead(addressOf(page, word));
    if (!found.ok || found.value !== pattern + from + word) panic("a page has another content than was sent");
  }
}

function addressOf(page: Pfn, word: u64): u64 {
  return virtNumber(kernelAddress(page)) + word * 8;
}

/** Gets frames from Xen for those that left. */
function refill(count: u64): void {
  const grown = balloon.step(balloon.pages + count);
  if (!grown.ok) panic("Xen does not give what the domain had before");
}

function release(page: Pfn): void {
  const released = frames.release(page);
  if (!released.ok) panic("a page that came cannot be given back");
}

/** Pages that the domain has, as Xen says. */
function pagesInXen(): u64 {
  const pages = memoryCount(MemoryOp.CurrentReservation);
  if (!pages.ok) panic("Xen does not say how many pages the domain has");
  return pages.value;
}
