/** A disk's name, from its virtual device number (Xen's docs/misc/vbd-interface; the older numbers are Linux's). */
import { formatUnsigned } from "../../../lib/format.ts";
import type { TextBuffer } from "../../../lib/text-buffer.ts";

/** A block of numbers that belongs to one kind of disks. */
type NumberBlock = {
  readonly major: u32;
  readonly prefix: string;
  /** The disk that the block begins with. */
  readonly firstDisk: u32;
  /** Bits of a number that say which partition it is. */
  readonly partitionBits: u32;
};

/** Numbers are `major << 8 | disk << partitionBits | partition`. */
const blocks: FixedArray<NumberBlock, 27> = [
  { major: 202, prefix: "xvd", firstDisk: 0, partitionBits: 4 },
  { major: 3, prefix: "hd", firstDisk: 0, partitionBits: 6 },
  { major: 22, prefix: "hd", firstDisk: 2, partitionBits: 6 },
  { major: 33, prefix: "hd", firstDisk: 4, partitionBits: 6 },
  { major: 34, prefix: "hd", firstDisk: 6, partitionBits: 6 },
  { major: 56, prefix: "hd", firstDisk: 8, partitionBits: 6 },
  { major: 57, prefix: "hd", firstDisk: 10, partitionBits: 6 },
  { major: 88, prefix: "hd", firstDisk: 12, partitionBits: 6 },
  { major: 89, prefix: "hd", firstDisk: 14, partitionBits: 6 },
  { major: 90, prefix: "hd", firstDisk: 16, partitionBits: 6 },
  { major: 91, prefix: "hd", firstDisk: 18, partitionBits: 6 },
  { major: 8, prefix: "sd", firstDisk: 0, partitionBits: 4 },
  { major: 65, prefix: "sd", firstDisk: 16, partitionBits: 4 },
  { major: 66, prefix: "sd", firstDisk: 32, partitionBits: 4 },
  { major: 67, prefix: "sd", firstDisk: 48, partitionBits: 4 },
  { major: 68, prefix: "sd", firstDisk: 64, partitionBits: 4 },
  { major: 69, prefix: "sd", firstDisk: 80, partitionBits: 4 },
  { major: 70, prefix: "sd", firstDisk: 96, partitionBits: 4 },
  { major: 71, prefix: "sd", firstDisk: 112, partitionBits: 4 },
  { major: 128, prefix: "sd", firstDisk: 128, partitionBits: 4 },
  { major: 129, prefix: "sd", firstDisk: 144, partitionBits: 4 },
  { major: 130, prefix: "sd", firstDisk: 160, partitionBits: 4 },
  { major: 131, prefix: "sd", firstDisk: 176, partitionBits: 4 },
  { major: 132, prefix: "sd", firstDisk: 192, partitionBits: 4 },
  { major: 133, prefix: "sd", firstDisk: 208, partitionBits: 4 },
  { major: 134, prefix: "sd", firstDisk: 224, partitionBits: 4 },
  { major: 135, prefix: "sd", firstDisk: 240, partitionBits: 4 },
];

/** The extended numbers: `1 << 28 | disk << 8 | partition`, of xvd. */
const extended = 1 << 28;
const extendedDisks = 1 << 20;
const minorBits = 8;
const letters = 26;

/** Puts the name that belongs to `number` into `name`: `xvda`, `hdc2`; `vbd5` where nobody has given the number a meaning. */
export function nameDisk(number: u64, name: TextBuffer<16>): void {
  if (number >> 28 === 1) {
    const disk: u64 = (number - extended) >> 8;
    return write(name, "xvd", disk, number & 0xff);
  }
  for (const block of blocks) {
    if (number >> minorBits !== block.major) continue;
    const minor: u64 = number & 0xff;
    const partition: u64 = minor & ((1 << block.partitionBits) - 1);
    return write(name, block.prefix, block.firstDisk + (minor >> block.partitionBits), partition);
  }
  name.set(`vbd${number}`);
}

/** Disks are counted in letters: z is followed by aa. */
function write(name: TextBuffer<16>, prefix: string, disk: u64, partition: u64): void {
  assert(disk < extendedDisks, "the number has no room for more disks");
  const reversed = new FixedArray<u8, 8>();
  let count: usize = 0;
  for (let rest: u64 = disk + 1; rest > 0; rest = (rest - 1) / letters) {
    reversed[count & 7] = (0x61 + ((rest - 1) % letters)) as u8;
    count++;
  }
  name.set(`${prefix}`);
  while (count > 0) {
    count--;
    const at = count & 7;
    name.write(reversed.slice(at, at + 1));
  }
  if (partition > 0) formatUnsigned(name, partition);
}
