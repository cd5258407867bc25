/** Moves what is on disks: `dd` and `disk-verify` keep several requests under way, and sum up what passes. */
import {
  BlockFault,
  BlockOperation,
  noTicket,
  sectorBytes,
  transfer,
  type BlockDevice,
  type BlockTicket,
} from "../dev/block.ts";
import { systemTime } from "../arch/x86-xen/system-time.ts";
import { Crc32 } from "../lib/crc32.ts";
import type { Terminal } from "./terminal.ts";

const pieceBytes = 64 * 1024;
/** What a copy needs for its pieces. */
export const copyBytes = 8 * pieceBytes;
const second = 1000000000;
/** How long, in ns, something may take before its progress is told, and from one time to the next. */
const progressEvery = 2 * second;

/** Where bytes come from. */
export const enum Origin {
  Disk,
  Zero,
  Pattern,
}

@struct
class Piece {
  buffer: Slice<u8> | null = null;
  /** How much of it is in use, and where that lies on the disk. */
  bytes: u64 = 0;
  sector: u64 = 0;
  isQueued: boolean = false;
  ticket: BlockTicket = noTicket;
}

/** What became of a copy. */
export type CopyOutcome = {
  readonly bytes: u64;
  readonly nanoseconds: u64;
  /** CRC-32 of all that passed. */
  readonly sum: u32;
  /** The first place that differs from the pattern; only looked for where it was asked for. */
  readonly differsAt: u64;
};

export const nowhere: u64 = 0xffffffffffffffff;

@struct
export class DiskCopy {
  readonly pieces = new FixedArray<Piece, 8>();
  origin: Origin = Origin.Zero;
  from: BlockDevice | null = null;
  to: BlockDevice | null = null;
  /** Whether what comes must be the pattern. */
  verifies: boolean = false;
  differsAt: u64 = nowhere;
  readonly crc = new Crc32();
  nextReport: u64 = 0;

  /** Between which disks, if any; and whether what comes must be the pattern. */
  start(origin: Origin, from: BlockDevice | null, to: BlockDevice | null, verifies: boolean): void {
    this.origin = origin;
    this.from = from;
    this.to = to;
    this.verifies = verifies;
    this.differsAt = nowhere;
    this.crc.state = 0xffffffff;
  }

  /** Copies `sectors` from the start on, through `memory`, of which it takes `copyBytes`. @blocks */
  run(terminal: Terminal, memory: Slice<u8>, sectors: u64): Result<CopyOutcome, BlockFault> {
    for (const [i, piece] of this.pieces.entries())
      piece.buffer = memory.slice(i * pieceBytes, (i + 1) * pieceBytes);
    const begun = systemTime();
    this.nextReport = begun + progressEvery;
    let done: u64 = 0;
    while (done < sectors && this.differsAt === nowhere) {
      const round = this.plan(done, sectors);
      const moved = this.moveRound();
      if (!moved.ok) return err(moved.error);
      done += round;
      this.report(terminal, done, sectors);
    }
    if (this.to !== null) {
      const flushed = transfer(this.to, BlockOperation.Flush, 0, memory.slice(0, 0));
      if (!flushed.ok) return err(flushed.error);
    }
    const bytes = done * sectorBytes;
    return ok({ bytes, nanoseconds: systemTime() - begun, sum: this.crc.sum(), differsAt: this.differsAt });
  }

  /** Which sectors the pieces have in the round that begins at `first`; how many these are. */
  plan(first: u64, end: u64): u64 {
    let sector = first;
    for (const piece of this.pieces) {
      piece.sector = sector;
      piece.bytes = min<u64>(pieceBytes, (end - sector) * sectorBytes);
      sector += piece.bytes / sectorBytes;
    }
    return sector - first;
  }

  /** @blocks */
  moveRound(): Result<undefined, BlockFault> {
    const from = this.from;
    if (from !== null) {
      const queued = this.queueAll(from, BlockOperation.Read);
      if (!queued.ok) return queued;
    }
    for (const piece of this.pieces) {
      const filled = this.fill(piece);
      if (!filled.ok) return filled;
    }
    const to = this.to;
    if (to === null) return ok();
    const queued = this.queueAll(to, BlockOperation.Write);
    return queued.ok ? this.awaitAll(to) : queued;
  }

  /** @blocks */
  queueAll(disk: BlockDevice, operation: BlockOperation): Result<undefined, BlockFault> {
    for (const piece of this.pieces) {
      if (piece.bytes === 0) continue;
      const queued = disk.queue(operation, piece.sector, piece.buffer!.slice(0, piece.bytes));
      if (!queued.ok) return this.abandon(disk, queued.error);
      piece.ticket = queued.value;
      piece.isQueued = true;
    }
    disk.start();
    return ok();
  }

  /** Waits for everything that is under way, since it uses our memory. @blocks */
  abandon(disk: BlockDevice, fault: BlockFault): Result<undefined, BlockFault> {
    const ended = this.awaitAll(disk);
    return ended.ok ? err(fault) : ended;
  }

  /** The first failure, after all have ended. @blocks */
  awaitAll(disk: BlockDevice): Result<undefined, BlockFault> {
    let failed = false;
    let fault = BlockFault.Failed;
    for (const piece of this.pieces) {
      const ended = this.awaitPiece(disk, piece);
      if (ended.ok || failed) continue;
      failed = true;
      fault = ended.error;
    }
    return failed ? err(fault) : ok();
  }

  /** @blocks */
  awaitPiece(disk: BlockDevice, piece: Piece): Result<undefined, BlockFault> {
    if (!piece.isQueued) return ok();
    piece.isQueued = false;
    return disk.wait(piece.ticket);
  }

  /** Has the piece hold what is at its place, and looks at that. @blocks */
  fill(piece: Piece): Result<undefined, BlockFault> {
    const bytes = piece.buffer!.slice(0, piece.bytes);
    const from = this.from;
    if (from !== null) {
      const ended = this.awaitPiece(from, piece);
      if (!ended.ok) return this.abandon(from, ended.error);
    } else if (this.origin === Origin.Zero) {
      bytes.fill(0);
    } else {
      writePattern(bytes, piece.sector);
    }
    this.crc.add(bytes);
    if (this.verifies && this.differsAt === nowhere) this.differsAt = findDifference(bytes, piece.sector);
    return ok();
  }

  report(terminal: Terminal, done: u64, sectors: u64): void {
    const now = systemTime();
    if (now < this.nextReport) return;
    this.nextReport = now + progressEvery;
    terminal.print(`  ${(done * 100) / sectors} %, ${(done * sectorBytes) >> 20} MiB`);
  }
}

/** What stands in the eight bytes at `index * 8` of a disk with the pattern: nothing repeats, and any place can be computed. */
export function patternWord(index: u64): u64 {
  let word: u64 = (index + 1) * 0x9e3779b97f4a7c15;
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
  return word ^ (word >> 27);
}

export function writePattern(bytes: Slice<u8>, sector: u64): void {
  const first: u64 = (sector * sectorBytes) / 8;
  for (let at: usize = 0; at + 8 <= bytes.length; at += 8) bytes.writeU64le(at, patternWord(first + at / 8));
}

/** The byte on the disk from which on it is not the pattern; `nowhere` where it is. */
function findDifference(bytes: Slice<u8>, sector: u64): u64 {
  const first: u64 = (sector * sectorBytes) / 8;
  for (let at: usize = 0; at + 8 <= bytes.length; at += 8) {
    if (bytes.readU64le(at) !== patternWord(first + at / 8)) return sector * sectorBytes + at;
  }
  return nowhere;
}
