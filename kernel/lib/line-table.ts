/**
 * Looks addresses up in the line table that the build puts into the image (format: compiler/build/line-table.ts). Nothing in
 * it is trusted: a backtrace runs when things are broken, so every offset is checked, and what does not fit reads as unknown.
 */

const magic = 0x544c4c58;
const version = 1;
const headerBytes = 32;
const rangeBytes = 8;
const frameBytes = 8;
const functionBytes = 12;
/** No frame: a gap between functions, or the end of an inlined chain. */
export const noFrame = 0xffffffff;

/** A function with the line that runs in it. */
export type SourceFrame = {
  readonly name: Slice<u8>;
  readonly file: Slice<u8>;
  /** 0: unknown. */
  readonly line: u32;
  /** The frame that this one was inlined into, or `noFrame`. */
  readonly caller: u32;
};

@struct
export class LineTable {
  readonly bytes: Slice<u8>;
  textBase: u64 = 0;
  rangeCount: usize = 0;
  frameCount: usize = 0;
  functionCount: usize = 0;
  stringsAt: usize = 0;

  /** `bytes` is the table; `open` must have said true before anything is looked up. */
  constructor(bytes: Slice<u8>) {
    this.bytes = bytes;
  }

  /** Reads the header; false where it is no table that this code knows. */
  open(): boolean {
    const bytes = this.bytes;
    if (bytes.length < headerBytes) return false;
    if (bytes.readU32le(0) !== magic || bytes.readU16le(4) !== version) return false;
    this.textBase = bytes.readU64le(8);
    this.rangeCount = bytes.readU32le(16);
    this.frameCount = bytes.readU32le(20);
    this.functionCount = bytes.readU32le(24);
    this.stringsAt = this.functionsAt() + functionBytes * this.functionCount;
    return this.stringsAt + bytes.readU32le(28) === bytes.length;
  }

  /** The innermost frame at `address`, or `noFrame`. */
  find(address: u64): u32 {
    let low: usize = 0;
    let high: usize = this.rangeCount;
    while (low < high) {
      const middle: usize = (low + high) / 2;
      const start = this.bytes.readU32le(headerBytes + rangeBytes * middle);
      if (this.textBase + start <= address) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return noFrame;
    return this.bytes.readU32le(headerBytes + rangeBytes * (low - 1) + 4);
  }

  /** What frame `index` says; an error where the table is damaged. */
  frame(index: u32): Result<SourceFrame> {
    if (index >= this.frameCount) return err("no such frame");
    const at: usize = headerBytes + rangeBytes * this.rangeCount + frameBytes * index;
    const functionIndex: usize = this.bytes.readU16le(at);
    if (functionIndex >= this.functionCount) return err("no such function");
    const functionAt: usize = this.functionsAt() + functionBytes * functionIndex;
    const caller = this.bytes.readU32le(at + 4);
    if (caller !== noFrame && caller >= index) return err("a chain that does not end");
    return ok({
      name: this.text(functionAt, functionAt + 8),
      file: this.text(functionAt + 4, functionAt + 10),
      line: this.bytes.readU16le(at + 2),
      caller: caller,
    });
  }

  functionsAt(): usize {
    return headerBytes + rangeBytes * this.rangeCount + frameBytes * this.frameCount;
  }

  /** The string whose offset and length stand at these places; empty where it does not fit. */
  text(offsetAt: usize, lengthAt: usize): Slice<u8> {
    const start: usize = this.stringsAt + this.bytes.readU32le(offsetAt);
    const end: usize = start + this.bytes.readU16le(lengthAt);
    return end <= this.bytes.length ? this.bytes.slice(start, end) : this.bytes.slice(0, 0);
  }
}
