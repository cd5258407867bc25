/** What a person at the console can do with disks. */
import { closeDisk, diskAt, diskLimit, openDisk } from "../drivers/xenbus/blkfront/disks.ts";
import type { Blkfront } from "../drivers/xenbus/blkfront/blkfront.ts";
import {
  type BlockDevice,
  BlockOperation,
  describeBlockFault,
  sectorBytes,
  transfer,
  type BlockFault,
} from "../dev/block.ts";
import { isPrintable } from "../lib/bytes.ts";
import { describeMemoryFault } from "../lib/memory-fault.ts";
import { heap } from "../mm/kernel-heap.ts";
import { Owner } from "../mm/owner.ts";
import type { Arguments, Command } from "./command.ts";
import { copyBytes, DiskCopy, nowhere, Origin, type CopyOutcome } from "./disk-copy.ts";
import type { Terminal } from "./terminal.ts";

export const diskCommands: FixedArray<Command, 4> = [
  {
    name: "disks",
    usage: "",
    purpose: "each disk, its size, and what went to and from it",
    action: showDisks,
  },
  {
    name: "dd",
    usage: "FROM TO [SECTORS]",
    purpose: "copy and sum up: FROM a disk, zero or pattern; TO a disk or null",
    action: copyDisk,
  },
  {
    name: "disk-verify",
    usage: "DISK [SECTORS]",
    purpose: "whether a disk holds what dd pattern writes",
    action: verifyDisk,
  },
  { name: "hexdump", usage: "DISK [SECTOR]", purpose: "what a sector holds", action: dumpSector },
];

function showDisks(terminal: Terminal, words: Arguments): void {
  for (let place: usize = 0; place < diskLimit; place++) {
    const disk = diskAt(place);
    if (disk !== null) showDisk(terminal, disk);
  }
}

function showDisk(terminal: Terminal, disk: Blkfront): void {
  const shape = disk.shape();
  const mode = shape.isReadOnly ? "read-only" : "writable";
  const state = disk.requests.isOpen ? "connected" : "not connected";
  terminal.print(
    `${text(disk.name())}: ${shape.sectors} sectors (${(shape.sectors * sectorBytes) >> 20} MiB), blocks of ${shape.blockBytes}, ${mode}, ${state}`,
  );
  const requests = disk.requests;
  terminal.print(
    `  ${requests.sent} requests with ${requests.sentBytes >> 10} KiB, ${disk.notifications} notifications, ${disk.events} events, ${requests.pages.count} pages granted`,
  );
}

/** Opens a disk, or says that there is none. */
function find(terminal: Terminal, name: Slice<u8>): Blkfront | null {
  const disk = openDisk(name);
  if (disk === null) terminal.print(`no disk is called ${text(name)}: disks shows those that there are`);
  return disk;
}

function deviceOf(disk: Blkfront | null): BlockDevice | null {
  return disk === null ? null : disk;
}

/** @blocks */
function copyDisk(terminal: Terminal, words: Arguments): void {
  const from = words.next();
  const to = words.next();
  const isZero = from.equals("zero".bytes());
  const isPattern = from.equals("pattern".bytes());
  const isNull = to.equals("null".bytes());
  const source = isZero || isPattern ? null : find(terminal, from);
  if (source === null && !isZero && !isPattern) return;
  const target = isNull ? null : find(terminal, to);
  if (target !== null || isNull) {
    const made: Origin = isZero ? Origin.Zero : Origin.Pattern;
    const origin: Origin = source === null ? made : Origin.Disk;
    runCopy(terminal, words, origin, deviceOf(source), deviceOf(target), false);
  }
  if (target !== null) closeDisk(target);
  if (source !== null) closeDisk(source);
}

/** @blocks */
function verifyDisk(terminal: Terminal, words: Arguments): void {
  const disk = find(terminal, words.next());
  if (disk === null) return;
  runCopy(terminal, words, Origin.Disk, disk, null, true);
  closeDisk(disk);
}

/** The one copy that there is at a time: the monitor obeys one line after the other. */
const copy = new DiskCopy();

/** As many sectors as the next word says, or as there are. @allocates @blocks */
function runCopy(
  terminal: Terminal,
  words: Arguments,
  origin: Origin,
  from: BlockDevice | null,
  to: BlockDevice | null,
  verifies: boolean,
): void {
  const wanted = words.nextNumber();
  const sectors = wanted.ok ? wanted.value : sectorsOf(from, to);
  if (sectors === nowhere) return terminal.print("how many sectors?");
  const memory = heap.allocate(copyBytes, Owner.Shell);
  if (!memory.ok) return terminal.print(`no buffers: ${describeMemoryFault(memory.error)}`);
  copy.start(origin, from, to, verifies);
  showOutcome(terminal, copy.run(terminal, memory.value, sectors), verifies);
  const released = heap.release(memory.value);
  assert(released.ok, "it was allocated");
}

/** What both disks have. */
function sectorsOf(from: BlockDevice | null, to: BlockDevice | null): u64 {
  let sectors: u64 = nowhere;
  if (from !== null) sectors = from.shape().sectors;
  if (to !== null) sectors = min<u64>(sectors, to.shape().sectors);
  return sectors;
}

function showOutcome(terminal: Terminal, outcome: Result<CopyOutcome, BlockFault>, verifies: boolean): void {
  if (!outcome.ok) return terminal.print(`failed: ${describeBlockFault(outcome.error)}`);
  const copied = outcome.value;
  const milliseconds = copied.nanoseconds / 1000000;
  const rate = milliseconds === 0 ? 0 : copied.bytes / 1000 / milliseconds;
  terminal.print(
    `${copied.bytes / sectorBytes} sectors in ${milliseconds} ms, ${rate} MB/s, crc32 ${hex(copied.sum, 8)}`,
  );
  if (copied.differsAt !== nowhere) terminal.print(`not the pattern from byte ${copied.differsAt} on`);
  else if (verifies) terminal.print("all of it is the pattern");
}

const bytesPerLine = 16;
/** The largest block of a disk. */
const sector = new FixedArray<u8, 4096>();

/** @blocks */
function dumpSector(terminal: Terminal, words: Arguments): void {
  const disk = find(terminal, words.next());
  if (disk === null) return;
  const wanted = words.nextNumber();
  const first: u64 = wanted.ok ? wanted.value : 0;
  const blockBytes = disk.shape().blockBytes;
  const perBlock: u64 = blockBytes / sectorBytes;
  const block = sector.slice(0, blockBytes);
  const read = transfer(disk, BlockOperation.Read, first - (first % perBlock), block);
  if (read.ok) {
    const at = (first % perBlock) * sectorBytes;
    for (let line: usize = 0; line < sectorBytes; line += bytesPerLine) {
      showLine(terminal, first * sectorBytes + line, block.slice(at + line, at + line + bytesPerLine));
    }
  } else {
    terminal.print(`failed: ${describeBlockFault(read.error)}`);
  }
  closeDisk(disk);
}

/** An address, sixteen bytes as numbers, and as characters. */
function showLine(terminal: Terminal, address: u64, bytes: Slice<u8>): void {
  const characters = new FixedArray<u8, 16>();
  for (const [i, byte] of bytes.entries()) characters[i] = isPrintable(byte) ? byte : 0x2e;
  const high = byteSwap<u64>(bytes.readU64le(0));
  const low = byteSwap<u64>(bytes.readU64le(8));
  terminal.print(`${hex(address, 8)}  ${hex(high, 16)} ${hex(low, 16)}  ${text(characters)}`);
}
