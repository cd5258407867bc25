/**
 * Looks addresses up in the line table that the build puts into the image (format: compiler/build/line-table.ts). Nothing in
 * it is trusted: a backtrace runs when things are broken, so every byte is read with a check, and what does not fit reads as unknown.
 */

const magic = 0x544c4c58;
const version = 2;
const headerBytes = 32;
const indexBytes = 8;
const chainLimit = 16;
const nameLimit = 255;
/** First bytes of the program that are no step, push or pop. */
const lineStep = 0xe0;
const farStep = 0xe1;
const stepLines: FixedArray<i32, 4> = [0, 1, 2, -1];

/** A function with the line that runs in it. */
export type SourceFrame = {
  /** Both good until the next one is asked for. */
  readonly name: Slice<u8>;
  readonly file: Slice<u8>;
  /** 0: unknown. */
  readonly line: u32;
};

/** Reads on from a place; beyond the end everything is 0. */
@struct
class Cursor {
  readonly bytes: Slice<u8>;
  at: usize = 0;

  constructor(bytes: Slice<u8>) {
    this.bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): u8 {
    if (this.isAtEnd()) return 0;
    this.at++;
    return this.bytes[this.at - 1];
  }

  uleb(): u32 {
    let value: u32 = 0;
    for (let shift: u32 = 0; shift < 32; shift += 7) {
      const byte: u32 = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    return value;
  }
}

/** A name that is written as its difference from the one before. */
@struct
class SharedName {
  readonly text = new FixedArray<u8, 255>();
  length: usize = 0;

  read(cursor: Cursor): void {
    const shared: usize = cursor.byte();
    const own: usize = cursor.byte();
    this.length = min<usize>(shared + own, nameLimit);
    for (let at: usize = 0; at < own; at++) {
      const byte = cursor.byte();
      if (shared + at < nameLimit) this.text[shared + at] = byte;
    }
  }

  bytes(): Slice<u8> {
    return this.text.slice(0, this.length);
  }
}

@struct
export class LineTable {
  readonly bytes: Slice<u8>;
  textBase: u64 = 0;
  programAt: usize = 0;
  namesAt: usize = 0;
  /** What `find` has found, outermost first: functions, and lines after their first ones. */
  readonly functions = new FixedArray<u32, 16>();
  readonly lines = new FixedArray<u32, 16>();
  depth: usize = 0;
  readonly name = new SharedName();
  readonly file = new SharedName();

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
    this.programAt = headerBytes + indexBytes * (bytes.readU32le(16) as usize);
    this.namesAt = this.programAt + bytes.readU32le(20);
    return this.namesAt + bytes.readU32le(24) === bytes.length;
  }

  /** How many activations there are at `address`: one, and as many more as it was inlined into; 0: unknown. */
  find(address: u64): usize {
    this.depth = 0;
    if (address < this.textBase) return 0;
    const offset: u64 = address - this.textBase;
    let record: usize = headerBytes;
    while (record < this.programAt && this.bytes.readU32le(record) <= offset) record += indexBytes;
    if (record === headerBytes) return 0; // before everything that is known
    const start: u64 = this.bytes.readU32le(record - indexBytes);
    const from: usize = this.programAt + this.bytes.readU32le(record - indexBytes + 4);
    if (from <= this.namesAt) this.follow(new Cursor(this.bytes.slice(from, this.namesAt)), start, offset);
    return this.depth;
  }

  /** Steps through the program from `start` on to the step that `offset` lies in. */
  follow(program: Cursor, start: u64, offset: u64): void {
    let at: u64 = start;
    let longer: u64 = 0;
    while (at <= offset && !program.isAtEnd()) {
      const first = program.byte();
      if (first < 0x80) {
        this.turn(stepLines[first >> 5]);
        at += longer + (first & 31) + 1;
        longer = 0;
      } else if (first < 0xc0) {
        this.push((((first & 63) as u32) << 8) | program.byte(), program.uleb());
      } else if (first < lineStep) {
        this.depth -= min<usize>(first & 31, this.depth);
      } else if (first === lineStep) {
        const number = program.uleb();
        const lines = (number >> 1) as i32;
        this.turn((number & 1) === 0 ? lines : -lines);
      } else if (first === farStep) {
        longer = (program.uleb() as u64) * 32;
      }
    }
  }

  turn(lines: i32): void {
    if (this.depth > 0) this.lines[this.depth - 1] += lines as u32;
  }

  push(index: u32, line: u32): void {
    if (this.depth === chainLimit) return;
    this.functions[this.depth] = index;
    this.lines[this.depth] = line;
    this.depth++;
  }

  /** The activation that `level` others were inlined into: 0 is the innermost. An error where the table is damaged. */
  frame(level: usize): Result<SourceFrame> {
    if (level >= this.depth) return err("no such activation");
    const wanted = this.functions[this.depth - 1 - level];
    const names = new Cursor(this.bytes.slice(this.namesAt));
    this.name.length = 0;
    this.file.length = 0;
    let index: u32 = 0;
    while (!names.isAtEnd()) {
      this.file.read(names);
      for (let left: u32 = names.uleb(); left > 0 && !names.isAtEnd(); left--) {
        this.name.read(names);
        const firstLine = names.uleb();
        if (index === wanted) {
          const line: u32 = firstLine + this.lines[this.depth - 1 - level];
          return ok({ name: this.name.bytes(), file: this.file.bytes(), line });
        }
        index++;
      }
    }
    return err("no such function");
  }
}
