/**
 * Random page-table work against a model: ranges are mapped, unmapped, protected and mapped to something else, entries are
 * read while writes to them wait, address spaces come and go. After each batch the memory itself must say what the model
 * says. Runs on Xen (`test=pte`), and in tests on a simulation of it; the same seed gives the same work in every mode.
 */
import { toVirtAddr, type Mfn } from "../xen-abi/addresses.ts";
import { MemoryFault } from "../lib/memory-fault.ts";
import { createSpace, destroySpace, switchSpace } from "../arch/x86-xen/address-space.ts";
import { isFrame, ListedFrames, noFrame } from "../arch/x86-xen/frame-sequence.ts";
import {
  executable,
  notPresent,
  pageEntry,
  readOnly,
  writable,
  type PageFlags,
} from "../arch/x86-xen/page-entry.ts";
import { sameEntry } from "../arch/x86-xen/page-table-entry.ts";
import type { PageTables } from "../arch/x86-xen/pagetable.ts";
import { PteLock } from "../arch/x86-xen/pte-queue.ts";

/** Pages whose mappings change, in areas of 256, each across the border of two tables and 1 GiB from the next. */
export const exercisePages = 1024;
const areaPages = 256;
const areaDistance = 0x40000000;
/** Half an area before the end of the first table's 2 MiB. */
const areaOffset = 0x200000 - 128 * 4096;
/** Frames that they are mapped to. */
export const exerciseFrames = 64;
const longestRange = 40;
/** Where a space of its own has its pages. */
const lowAddress = 0x7f0000000000;

/** What the exercise runs on. */
export interface ExerciseGround {
  /** The 8 bytes at an address, as an instruction finds them. */
  load(address: u64): u64;
  store(address: u64, value: u64): void;
  /** Every batch is done: checks what only the ground can see. */
  settle(): void;
  /** The model and the machine disagree. */
  fail(what: string, step: u64, got: u64, expected: u64): never;
}

/** A page of the model. */
@struct
class ModelPage {
  /** Index of its frame, plus 1; 0 is not mapped. */
  frame: u8 = 0;
  /** Index into the three kinds of flags. */
  kind: u8 = 0;
}

@struct
export class PteExercise {
  readonly tables: PageTables;
  readonly ground: ExerciseGround;
  /** Each holds its own index in its first 8 bytes, and what `written` says in the next. */
  readonly frames: Slice<Mfn>;
  readonly base: u64;
  random: u64 = 1;
  step: u64 = 0;
  /** Of all that was seen: equal in all modes. */
  digest: u64 = 0;
  readonly pages = new FixedArray<ModelPage, 1024>();
  readonly written = new FixedArray<u64, 64>();
  readonly list = new FixedArray<Mfn, 64>();
  readonly choice = new FixedArray<u8, 64>();

  constructor(tables: PageTables, ground: ExerciseGround, frames: Slice<Mfn>, base: u64) {
    this.tables = tables;
    this.ground = ground;
    this.frames = frames;
    this.base = base;
  }

  /** Forgets everything; what comes is decided by `seed`. Nothing may be mapped. */
  restart(seed: u64): void {
    this.random = seed * 2 + 1;
    this.step = 0;
    this.digest = 0;
    zero(this.pages);
    this.written.fill(0);
  }

  /** Does at least `count` steps, and leaves nothing mapped. @allocates */
  run(count: u64): void {
    for (let batch: u64 = 0; this.step < count; batch++) {
      this.runBatch(1 + this.below(batch % 8 === 7 ? 200 : 32)); // some more than the queue holds
      this.ground.settle();
      for (let sample: u32 = 0; sample < 6; sample++) this.checkMemory(this.below(exercisePages));
      if (batch % 64 === 63) this.checkAll();
      if (batch % 16 === 15) this.visitSpace();
    }
    this.checkAll();
    this.clear();
  }

  runBatch(steps: u64): void {
    using lock = new PteLock(this.tables.queue);
    for (let done: u64 = 0; done < steps; done++) {
      this.step++;
      this.runStep();
    }
  }

  runStep(): void {
    const dice = this.below(100);
    const first = this.below(exercisePages);
    const count: u64 = min<u64>(1 + this.below(longestRange), areaPages - (first % areaPages));
    if (dice < 30) this.map(first, count);
    else if (dice < 55) this.unmap(first, count);
    else if (dice < 72) this.protect(first, count);
    else if (dice < 82) this.remap(first, count);
    else if (dice < 94) this.readBack(first);
    else if (dice < 97) this.tables.queue.flushPage(toVirtAddr(this.address(first)));
    else if (dice < 98) this.tables.queue.flushTlb();
    else this.mapAndUndo(first);
  }

  map(first: u64, count: u64): void {
    const kind = this.chooseFrames(count);
    let free = true;
    for (let at: u64 = 0; at < count; at++) free = free && this.pages[first + at].frame === 0;
    const list = new ListedFrames(this.list.slice(0, count));
    const mapped = this.tables.map(
      this.tables.kernelRoot,
      toVirtAddr(this.address(first)),
      count,
      list,
      flagsOf(kind),
    );
    if (mapped.ok !== free) this.fail("map: whether the range was free", mapped.ok ? 1 : 0, free ? 1 : 0);
    if (mapped.ok) this.note(first, count, kind);
    else if (mapped.error !== MemoryFault.AlreadyMapped) this.fail("map: out of memory", mapped.error, 0);
  }

  remap(first: u64, count: u64): void {
    const kind = this.chooseFrames(count);
    const list = new ListedFrames(this.list.slice(0, count));
    const start = toVirtAddr(this.address(first));
    const mapped = this.tables.remap(this.tables.kernelRoot, start, count, list, flagsOf(kind));
    if (!mapped.ok) this.fail("remap: out of memory", mapped.error, 0);
    this.note(first, count, kind);
  }

  unmap(first: u64, count: u64): void {
    this.tables.unmap(this.tables.kernelRoot, toVirtAddr(this.address(first)), count);
    for (let at: u64 = 0; at < count; at++) this.pages[first + at].frame = 0;
  }

  protect(first: u64, count: u64): void {
    const kind = this.below(3);
    this.tables.protect(this.tables.kernelRoot, toVirtAddr(this.address(first)), count, flagsOf(kind));
    for (let at: u64 = 0; at < count; at++) this.pages[first + at].kind = kind as u8;
  }

  /** A change and its opposite wait in the queue together; the page is read in between. */
  mapAndUndo(page: u64): void {
    const before = this.pages[page];
    if (before.frame !== 0) this.unmap(page, 1);
    this.readBack(page);
    this.map(page, 1);
    this.protect(page, 1);
    this.readBack(page);
  }

  /** Half of the time as it is, half as it is planned. */
  readBack(page: u64): void {
    const address = toVirtAddr(this.address(page));
    const root = this.tables.kernelRoot;
    const plan = this.below(2) === 0;
    const entry = plan ? this.tables.plan(root, address) : this.tables.lookup(root, address);
    this.compare(page, entry);
  }

  compare(page: u64, entry: u64): void {
    const expected = this.expectedEntry(page);
    if (!sameEntry(entry, expected)) this.fail("entry of a page", entry, expected);
    this.digest =
      rotateLeft<u64>(this.digest, 5) ^ (this.pages[page].frame * 4 + this.pages[page].kind) ^ page;
  }

  expectedEntry(page: u64): u64 {
    const model = this.pages[page];
    if (model.frame === 0) return notPresent;
    return pageEntry(this.frames[model.frame - 1], flagsOf(model.kind));
  }

  /** Uses a page as a program would: what it reads and writes must be the frame's that the model says. */
  checkMemory(page: u64): void {
    const model = this.pages[page];
    if (model.frame === 0) return;
    const index: u64 = model.frame - 1;
    const address = this.address(page);
    const stamp = this.ground.load(address);
    if (stamp !== index) this.fail("frame seen through a page", stamp, index);
    const written = this.ground.load(address + 8);
    if (written !== this.written[index]) this.fail("last write to a frame", written, this.written[index]);
    if (model.kind !== 0) return;
    this.written[index] = this.step;
    this.ground.store(address + 8, this.step);
  }

  checkAll(): void {
    for (let page: u64 = 0; page < exercisePages; page++) {
      this.compare(page, this.tables.lookup(this.tables.kernelRoot, toVirtAddr(this.address(page))));
      this.checkMemory(page);
    }
  }

  /** Makes a space, works in its lower half, leaves it, and takes it apart. */
  visitSpace(): void {
    const made = createSpace(this.tables);
    if (!made.ok) this.fail("new space: out of memory", made.error, 0);
    const count = 1 + this.below(longestRange);
    this.chooseFrames(count);
    const space = made.value;
    const start: u64 = lowAddress + this.below(4) * areaOffset;
    this.mapLow(space, start, count);
    switchSpace(this.tables, space);
    for (let at: u64 = 0; at < count; at++) {
      if (!isFrame(this.list[at])) continue;
      const index: u64 = this.choice[at];
      const stamp = this.ground.load(start + at * 4096);
      if (stamp !== index) this.fail("frame seen in another space", stamp, index);
      this.written[index] = this.step + at;
      this.ground.store(start + at * 4096 + 8, this.step + at);
    }
    switchSpace(this.tables, this.tables.kernelRoot);
    destroySpace(this.tables, space);
    this.ground.settle();
  }

  mapLow(space: Mfn, start: u64, count: u64): void {
    using lock = new PteLock(this.tables.queue);
    const list = new ListedFrames(this.list.slice(0, count));
    const mapped = this.tables.map(space, toVirtAddr(start), count, list, writable);
    if (!mapped.ok) this.fail("map in a space: out of memory", mapped.error, 0);
  }

  clear(): void {
    using lock = new PteLock(this.tables.queue);
    for (let area: u64 = 0; area < exercisePages; area += areaPages) this.unmap(area, areaPages);
  }

  /** Fills the list with frames and some holes; the kind of flags. */
  chooseFrames(count: u64): u64 {
    const first = this.below(exerciseFrames);
    const stride = this.below(3);
    for (let at: u64 = 0; at < count; at++) {
      const index: u64 = (first + at * stride) % exerciseFrames;
      this.choice[at] = index as u8;
      this.list[at] = this.below(16) === 0 ? noFrame() : this.frames[index];
    }
    return this.below(3);
  }

  /** The model after a range was mapped to the list. */
  note(first: u64, count: u64, kind: u64): void {
    for (let at: u64 = 0; at < count; at++) {
      const page = this.pages[first + at];
      page.frame = isFrame(this.list[at]) ? this.choice[at] + 1 : 0;
      page.kind = kind as u8;
    }
  }

  address(page: u64): u64 {
    return this.base + (page / areaPages) * areaDistance + areaOffset + (page % areaPages) * 4096;
  }

  /** A number from 0 up to, and not including, `limit` (xorshift64*). */
  below(limit: u64): u64 {
    this.random ^= this.random >> 12;
    this.random ^= this.random << 25;
    this.random ^= this.random >> 27;
    return multiplyHigh(this.random * 0x2545f4914f6cdd1d, limit);
  }

  fail(what: string, got: u64, expected: u64): never {
    this.ground.fail(what, this.step, got, expected);
  }
}

function flagsOf(kind: u64): PageFlags {
  if (kind === 0) return writable;
  return kind === 1 ? readOnly : executable;
}
