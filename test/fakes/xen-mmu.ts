/**
 * A machine with Xen on it, as far as page tables go: frames with types and counts (a frame is never a page table and
 * writable at once), checked updates, pins, a TLB that forgets nothing by itself, and loads and stores that go through it.
 * It refuses what Xen refuses, and some more that the kernel promises: no address bits in entries that are not present.
 */
import { print } from "xenlet:host";
import { PageFlag } from "../../kernel/arch/x86-xen/page-entry.ts";
import {
  entryFrame,
  isPresent,
  isWritable,
  sameEntry,
  tableIndex,
} from "../../kernel/arch/x86-xen/page-table-entry.ts";
import type { MmuDoor, Progress } from "../../kernel/arch/x86-xen/mmu-door.ts";
import { mfnNumber, toMfn, virtNumber, type Mfn, type VirtAddr } from "../../kernel/xen-abi/addresses.ts";
import { Errno } from "../../kernel/xen-abi/errno.ts";
import {
  MmuextCommand,
  slotIndex,
  slotNumber,
  slotTable,
  type EntrySlot,
  type MmuextOp,
  type MmuUpdate,
} from "../../kernel/xen-abi/mmu.ts";
import { FlushMode } from "../../kernel/xen-abi/xen.ts";

export const frameCount = 2048;
const words = 512;
/** Machine frames do not begin at 0, and neighbours are strangers. */
const firstMachineFrame = 0x123400;
const scatter = 1021;
const tlbCells = 1024;
const userBit = 1 << 2;
const kernelBit = 1 << 52;

/** What a frame is used as, while its type count is not 0. */
const enum FrameType {
  None,
  Level1,
  Level2,
  Level3,
  Level4,
  Writable,
}

@struct
class MachineFrame {
  type: FrameType = FrameType.None;
  /** Uses of the frame as `type`: mappings that can write, entries that lead to the table, a pin, a base pointer. */
  typeCount: u32 = 0;
  pinned: boolean = false;
}

@struct
class TlbCell {
  /** Virtual page number plus 1; 0: empty. */
  page: u64 = 0;
  entry: u64 = 0;
}

@struct
export class SimulatedMmu implements MmuDoor {
  readonly memory = new FixedArray<u64, 1048576>();
  readonly frames = new FixedArray<MachineFrame, 2048>();
  readonly tlb = new FixedArray<TlbCell, 1024>();
  /** What pseudo-physical frame a machine frame is. */
  readonly back = new FixedArray<u32, 2048>();
  root: u64 = 0;
  aliasBase: u64 = 0;
  calls: u64 = 0;
  refusals: u64 = 0;

  /** Builds the tables of a domain: frame n at `aliasBase + n * 4096`, tables read-only. Frames below the result are in use. */
  start(aliasBase: u64): u64 {
    this.aliasBase = aliasBase;
    for (let frame: u64 = 0; frame < frameCount; frame++) this.back[machineIndex(frame)] = frame as u32;
    const leaves: u64 = frameCount / words;
    const used: u64 = 3 + leaves;
    this.link(0, tableIndex(aliasBase, 4), 1);
    this.link(1, tableIndex(aliasBase, 3), 2);
    for (let leaf: u64 = 0; leaf < leaves; leaf++) {
      this.link(2, tableIndex(aliasBase, 2) + leaf, 3 + leaf);
      for (let at: u64 = 0; at < words; at++) {
        const frame: u64 = leaf * words + at;
        const flags: u64 = PageFlag.Present | (frame < used ? 0 : PageFlag.Writable) | PageFlag.NoExecute;
        this.memory[machineIndex(3 + leaf) * words + at] = guestEntry(
          (mfnNumber(mfnOf(frame)) << 12) | flags,
        );
      }
    }
    this.root = machineIndex(0);
    this.require(this.getType(this.root, FrameType.Level4), "the builder's tables are valid");
    return used;
  }

  link(table: u64, index: u64, target: u64): void {
    this.memory[machineIndex(table) * words + index] =
      (mfnNumber(mfnOf(target)) << 12) | PageFlag.Present | PageFlag.Writable | userBit;
  }

  update(requests: Slice<MmuUpdate>): Progress {
    this.calls++;
    for (const [index, request] of requests.entries()) {
      if (!this.updateOne(request.slot, request.val)) return this.refuse(index);
    }
    return { refused: false, done: requests.length };
  }

  extend(operations: Slice<MmuextOp>): Progress {
    this.calls++;
    for (const [index, operation] of operations.entries()) {
      if (!this.operate(operation)) return this.refuse(index);
    }
    return { refused: false, done: operations.length };
  }

  updateMapping(address: VirtAddr, entry: u64, flush: FlushMode): Progress {
    this.calls++;
    const table = this.tableOf(virtNumber(address), 1);
    if (table >= frameCount) return this.refuse(0);
    if (!this.change(table, tableIndex(virtNumber(address), 1), entry)) return this.refuse(0);
    if (flush === FlushMode.OnePage) this.forgetPage(virtNumber(address));
    if (flush === FlushMode.WholeTlb) this.forgetAll();
    return { refused: false, done: 1 };
  }

  read(slot: EntrySlot): u64 {
    return this.memory[indexOf(slotTable(slot)) * words + slotIndex(slot)];
  }

  entriesOf(table: Mfn): Slice<u64> {
    return this.memory.slice(indexOf(table) * words, (indexOf(table) + 1) * words);
  }

  wordsOf(table: Mfn): Slice<u64> {
    this.require(isWritable(this.translate(this.aliasOf(table))), "a frame that is written is writable");
    return this.entriesOf(table);
  }

  /** Where the domain sees a frame of its own. */
  aliasOf(frame: Mfn): u64 {
    return this.aliasBase + (this.back[indexOf(frame)] as u64) * 4096;
  }

  // ── What instructions do ───────────────────────────────────────────────────────────────────────────────────────

  loadWord(address: u64): u64 {
    const entry = this.translate(address);
    return this.memory[indexOf(entryFrame(entry)) * words + ((address >> 3) & 511)];
  }

  storeWord(address: u64, value: u64): void {
    const entry = this.translate(address);
    this.require(isWritable(entry), "a store goes to a writable page");
    this.memory[indexOf(entryFrame(entry)) * words + ((address >> 3) & 511)] = value;
  }

  /** The translation that the TLB has, however old, or the one of the tables, which the TLB then keeps. */
  translate(address: u64): u64 {
    const page: u64 = (address >> 12) + 1;
    const cell = this.tlb[cellOf(address)];
    if (cell.page === page) return cell.entry;
    const entry = this.walk(address);
    this.require(isPresent(entry), "an access goes to a page that is mapped");
    cell.page = page;
    cell.entry = entry;
    return entry;
  }

  /** The lowest-level entry of an address in the tables, 0 where there is none. */
  walk(address: u64): u64 {
    const table = this.tableOf(address, 1);
    return table < frameCount ? this.memory[table * words + tableIndex(address, 1)] : 0;
  }

  tableOf(address: u64, level: u32): u64 {
    let table = this.root;
    for (let at: u32 = 4; at > level; at--) {
      const entry = this.memory[table * words + tableIndex(address, at)];
      if (!isPresent(entry)) return frameCount;
      table = indexOf(entryFrame(entry));
    }
    return table;
  }

  /** No translation is older than the tables: everything that had to be flushed was. */
  checkTlb(): void {
    for (const cell of this.tlb) {
      if (cell.page === 0) continue;
      const address: u64 = (cell.page - 1) << 12;
      this.require(sameEntry(this.walk(address), cell.entry), "an old translation was flushed");
    }
  }

  // ── What Xen does ──────────────────────────────────────────────────────────────────────────────────────────────

  updateOne(slot: EntrySlot, value: u64): boolean {
    if ((slotNumber(slot) & 7) !== 0) return false;
    const table = indexOf(slotTable(slot));
    return table < frameCount && this.change(table, slotIndex(slot), value);
  }

  /** Puts `value` into a table that is in use as one. */
  change(table: u64, index: u64, value: u64): boolean {
    const level = this.levelOf(table);
    if (level === 0 || (level === 4 && isXens(index))) return false;
    const at: u64 = table * words + index;
    const before = this.memory[at];
    if (!this.getEntry(value, level)) return false;
    this.memory[at] = level === 1 ? guestEntry(value) : value;
    this.putEntry(before, level);
    return true;
  }

  /** Counts what a new entry of a table of `level` leads to. */
  getEntry(entry: u64, level: u32): boolean {
    if (!isPresent(entry)) return entry === 0; // L1TF: nothing of an address stays
    const target = indexOf(entryFrame(entry));
    if (target >= frameCount) return false;
    if (level > 1) return this.getType(target, tableType(level - 1));
    return !isWritable(entry) || this.getType(target, FrameType.Writable);
  }

  putEntry(entry: u64, level: u32): void {
    if (!isPresent(entry)) return;
    const target = indexOf(entryFrame(entry));
    if (level > 1 || isWritable(entry)) this.putType(target);
  }

  /** Uses a frame as `type`, which it must not contradict; as the first use of a table, after a look at every entry. */
  getType(index: u64, type: FrameType): boolean {
    const frame = this.frames[index];
    if (frame.typeCount === 0) {
      if (type !== FrameType.Writable && !this.validate(index, type as u32)) return false;
      frame.type = type;
    }
    if (frame.type !== type) return false;
    frame.typeCount++;
    return true;
  }

  validate(table: u64, level: u32): boolean {
    for (let index: u64 = 0; index < words; index++) {
      if (level === 4 && isXens(index)) continue;
      const at: u64 = table * words + index;
      if (this.getEntry(this.memory[at], level)) {
        if (level === 1) this.memory[at] = guestEntry(this.memory[at]);
        continue;
      }
      for (let undo: u64 = 0; undo < index; undo++) {
        if (level < 4 || !isXens(undo)) this.putEntry(this.memory[table * words + undo], level);
      }
      return false;
    }
    return true;
  }

  putType(index: u64): void {
    const frame = this.frames[index];
    this.require(frame.typeCount > 0, "a type is given up that was taken");
    frame.typeCount--;
    if (frame.typeCount > 0 || frame.type === FrameType.Writable) return;
    const level: u32 = frame.type as u32;
    for (let at: u64 = 0; at < words; at++) {
      if (level < 4 || !isXens(at)) this.putEntry(this.memory[index * words + at], level);
    }
    frame.type = FrameType.None;
  }

  operate(operation: MmuextOp): boolean {
    const command = operation.cmd as MmuextCommand;
    switch (command) {
      case MmuextCommand.PinL1Table:
      case MmuextCommand.PinL2Table:
      case MmuextCommand.PinL3Table:
      case MmuextCommand.PinL4Table:
        return this.pin(indexOf(operation.arg1.mfn), (operation.cmd + 1) as FrameType);
      case MmuextCommand.UnpinTable:
        return this.unpin(indexOf(operation.arg1.mfn));
      case MmuextCommand.NewBasePtr:
        return this.switchTo(indexOf(operation.arg1.mfn));
      case MmuextCommand.InvlpgLocal:
      case MmuextCommand.InvlpgMulti:
      case MmuextCommand.InvlpgAll:
        this.forgetPage(operation.arg1.linearAddr);
        return true;
      case MmuextCommand.TlbFlushLocal:
      case MmuextCommand.TlbFlushMulti:
      case MmuextCommand.TlbFlushAll:
        this.forgetAll();
        return true;
      case MmuextCommand.SetLdt:
      case MmuextCommand.NewUserBasePtr:
        return false;
    }
  }

  pin(index: u64, type: FrameType): boolean {
    if (index >= frameCount || this.frames[index].pinned || !this.getType(index, type)) return false;
    this.frames[index].pinned = true;
    return true;
  }

  unpin(index: u64): boolean {
    if (index >= frameCount || !this.frames[index].pinned) return false;
    this.frames[index].pinned = false;
    this.putType(index);
    return true;
  }

  switchTo(index: u64): boolean {
    if (index >= frameCount || !this.getType(index, FrameType.Level4)) return false;
    this.putType(this.root);
    this.root = index;
    this.forgetAll();
    return true;
  }

  /** The level of a table in use, else 0. */
  levelOf(index: u64): u32 {
    const frame = this.frames[index];
    if (frame.typeCount === 0 || frame.type === FrameType.Writable) return 0;
    return frame.type as u32;
  }

  forgetPage(address: u64): void {
    const cell = this.tlb[cellOf(address)];
    if (cell.page === (address >> 12) + 1) cell.page = 0;
  }

  forgetAll(): void {
    for (const cell of this.tlb) cell.page = 0;
  }

  refuse(done: usize): Progress {
    this.refusals++;
    return { refused: true, done, errno: Errno.EINVAL };
  }

  require(condition: boolean, what: string): void {
    if (condition) return;
    print(`the simulated machine expected that ${what}, after ${this.calls} calls`);
    assert(false, "the machine is used by its rules");
  }
}

/** The machine frame behind the domain's frame `frame`. */
export function mfnOf(frame: u64): Mfn {
  return toMfn(firstMachineFrame + machineIndex(frame));
}

function machineIndex(frame: u64): u64 {
  return (frame * scatter) % frameCount;
}

/** A machine frame's place in the arrays, or a number beyond them. */
function indexOf(frame: Mfn): u64 {
  const number = mfnNumber(frame);
  return number >= firstMachineFrame && number < firstMachineFrame + frameCount
    ? number - firstMachineFrame
    : frameCount;
}

function tableType(level: u32): FrameType {
  return level as FrameType;
}

/** Entries of the top table that Xen fills itself. */
function isXens(index: u64): boolean {
  return index >= 256 && index < 272;
}

/** What becomes of a lowest-level entry: Xen lets ring 3 in, and marks that the kernel had not asked for it. */
function guestEntry(entry: u64): u64 {
  if (!isPresent(entry) || (entry & userBit) !== 0) return entry;
  return entry | userBit | kernelBit;
}

function cellOf(address: u64): u64 {
  return ((address >> 12) * 0x9e3779b97f4a7c15) >> 54;
}
