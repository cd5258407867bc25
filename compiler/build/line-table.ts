/**
 * The line table: what a backtrace on the guest itself needs to name TypeScript functions, files and lines.
 *
 * It lies between `__line_table_start` and `__line_table_end`, read-only, page-aligned, little-endian. Records have a
 * fixed size and are sorted, so the guest binary-searches them in place, without allocation.
 *
 * | part      | offset             | size                | record                                                    |
 * | --------- | ------------------ | ------------------- | --------------------------------------------------------- |
 * | header    | 0                  | 32                  | below                                                     |
 * | ranges    | 32                 | 8 × rangeCount      | `u32 start` (bytes after textBase), `u32 frame`           |
 * | frames    | after ranges       | 8 × frameCount      | `u16 function`, `u16 line`, `u32 caller`                  |
 * | functions | after frames       | 12 × functionCount  | `u32 name`, `u32 file`, `u16 nameLength`, `u16 fileLength`|
 * | strings   | after functions    | stringBytes         | UTF-8, without terminators, shared where equal            |
 *
 * | header field    | offset | type | value                                                             |
 * | --------------- | ------ | ---- | ----------------------------------------------------------------- |
 * | `magic`         | 0      | u32  | 0x544c4c58, the bytes "XLLT"                                      |
 * | `version`       | 4      | u16  | 1                                                                 |
 * | `headerBytes`   | 6      | u16  | 32                                                                |
 * | `textBase`      | 8      | u64  | address that range starts count from (`__text_start`)             |
 * | `rangeCount`    | 16     | u32  |                                                                   |
 * | `frameCount`    | 20     | u32  |                                                                   |
 * | `functionCount` | 24     | u32  | at most 65,536                                                    |
 * | `stringBytes`   | 28     | u32  | header and parts together are `__line_table_end - __line_table_start` |
 *
 * - Range i covers the addresses from its start up to the start of range i + 1, the last one up to the end of memory (it
 *   is always a gap). Starts rise strictly. `frame` is the index of the innermost frame, or NO_FRAME (0xffffffff) in a gap.
 * - A frame is a function with a line in it. `caller` is the index of the frame it was *inlined* into, or NO_FRAME when it
 *   is a function of its own; a caller's index is always smaller than the frame's own, so a chain ends.
 *   Line 0: the compiler knows no line. Lines above 65,535 read as 65,535.
 * - A function has one name (as in TypeScript, `Console.write`) and one file, relative to the project ("kernel/main.ts").
 *   `name` and `file` are byte offsets into strings. Where only the name is known, the file is empty and the line 0.
 *
 * Look up a return address minus one: the call is the last byte before it, and may end its function.
 */
export const LINE_TABLE_MAGIC = 0x544c4c58;
export const LINE_TABLE_VERSION = 1;
/** Marks a gap (in a range) or the end of the inlined chain (in a frame). */
export const NO_FRAME = 0xffffffff;

const HEADER_BYTES = 32;
const RANGE_BYTES = 8;
const FRAME_BYTES = 8;
const FUNCTION_BYTES = 12;

/** One function activation at an address: a real one or one that the compiler inlined. */
export interface LineFrame {
  readonly function: string;
  readonly file: string;
  /** 1-based; 0 where the compiler knows no line. */
  readonly line: number;
}

/** From `start` on (up to the next range) the code belongs to `chain`, innermost first; empty in a gap. */
export interface LineRange {
  readonly start: bigint;
  readonly chain: readonly LineFrame[];
}

/** Sizes of a table's parts, for the build's own report. */
export interface LineTableCounts {
  readonly ranges: number;
  readonly frames: number;
  readonly functions: number;
  readonly bytes: number;
}

/** Thrown by `readLineTable` when the bytes are not a table: says what was expected and what came. */
export class LineTableError extends Error {}

/** Encodes ranges, sorted by `start`, relative to `textBase`. Neighbours with an equal chain become one range. */
export function encodeLineTable(textBase: bigint, ranges: readonly LineRange[]): Buffer {
  const strings = new StringPool();
  const functions = new Interned();
  const frames = new Interned();

  const internFrame = (frame: LineFrame, caller: number): number => {
    const name = strings.add(frame.function);
    const file = strings.add(frame.file);
    const index = functions.add(`${name.offset} ${file.offset} ${name.length} ${file.length}`, (record) => {
      record.u32(name.offset).u32(file.offset).u16(name.length).u16(file.length);
    });
    if (index > 0xffff)
      throw new LineTableError("more than 65,536 functions: widen `function` in the frame record");
    const line = Math.min(frame.line, 0xffff);
    return frames.add(`${index} ${line} ${caller}`, (record) => record.u16(index).u16(line).u32(caller));
  };

  const rangeBytes = new ByteWriter();
  let rangeCount = 0;
  let previous = -1;
  for (const { start, chain } of ranges) {
    const innermost = chain.reduceRight<number>((caller, frame) => internFrame(frame, caller), NO_FRAME);
    if (innermost === previous) continue;
    rangeBytes.u32(Number(start - textBase)).u32(innermost);
    rangeCount++;
    previous = innermost;
  }

  const header = new ByteWriter();
  header.u32(LINE_TABLE_MAGIC).u16(LINE_TABLE_VERSION).u16(HEADER_BYTES).u64(textBase);
  header.u32(rangeCount).u32(frames.count).u32(functions.count).u32(strings.byteLength);
  return Buffer.concat(
    [header, rangeBytes, frames.bytes, functions.bytes]
      .map((part) => part.toBuffer())
      .concat(strings.toBuffer()),
  );
}

/** A table opened for look-ups; the same algorithm as the guest's. */
export interface LineTable {
  readonly counts: LineTableCounts;
  /** The chain at an exact address, innermost first; empty where nothing is known. */
  lookup(address: bigint): LineFrame[];
}

/** Opens a table. Throws LineTableError when magic, version or counts do not fit the bytes. Bounds are checked throughout. */
export function readLineTable(bytes: Uint8Array): LineTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const expect = (what: string, expected: number, got: number): void => {
    if (expected !== got) throw new LineTableError(`line table: ${what}: expected ${expected}, got ${got}`);
  };
  if (bytes.byteLength < HEADER_BYTES)
    throw new LineTableError(`line table: expected ${HEADER_BYTES} bytes or more, got ${bytes.byteLength}`);
  expect("magic", LINE_TABLE_MAGIC, view.getUint32(0, true));
  expect("version", LINE_TABLE_VERSION, view.getUint16(4, true));
  expect("header size", HEADER_BYTES, view.getUint16(6, true));
  const textBase = view.getBigUint64(8, true);
  const [ranges, frames, functions, stringBytes] = [16, 20, 24, 28].map((offset) =>
    view.getUint32(offset, true),
  ) as [number, number, number, number];
  const framesAt = HEADER_BYTES + RANGE_BYTES * ranges;
  const functionsAt = framesAt + FRAME_BYTES * frames;
  const stringsAt = functionsAt + FUNCTION_BYTES * functions;
  expect("size", stringsAt + stringBytes, bytes.byteLength);

  const text = (offset: number, length: number): string => {
    if (offset + length > stringBytes)
      throw new LineTableError(`line table: string at ${offset} ends outside the table`);
    return new TextDecoder().decode(bytes.subarray(stringsAt + offset, stringsAt + offset + length));
  };
  const readFunction = (index: number): { name: string; file: string } => {
    if (index >= functions) throw new LineTableError(`line table: function ${index} of ${functions}`);
    const at = functionsAt + FUNCTION_BYTES * index;
    return {
      name: text(view.getUint32(at, true), view.getUint16(at + 8, true)),
      file: text(view.getUint32(at + 4, true), view.getUint16(at + 10, true)),
    };
  };

  const lookup = (address: bigint): LineFrame[] => {
    let low = 0;
    let high = ranges;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (textBase + BigInt(view.getUint32(HEADER_BYTES + RANGE_BYTES * middle, true)) <= address)
        low = middle + 1;
      else high = middle;
    }
    if (low === 0) return [];
    const chain: LineFrame[] = [];
    let bound = frames;
    let index = view.getUint32(HEADER_BYTES + RANGE_BYTES * (low - 1) + 4, true);
    while (index !== NO_FRAME) {
      if (index >= bound)
        throw new LineTableError(`line table: frame ${index} where one below ${bound} must stand`);
      const at = framesAt + FRAME_BYTES * index;
      const { name, file } = readFunction(view.getUint16(at, true));
      chain.push({ function: name, file, line: view.getUint16(at + 2, true) });
      bound = index;
      index = view.getUint32(at + 4, true);
    }
    return chain;
  };
  return { counts: { ranges, frames, functions, bytes: bytes.byteLength }, lookup };
}

/** Little-endian records, appended. */
class ByteWriter {
  readonly #bytes: number[] = [];
  u16(value: number): this {
    this.#bytes.push(value & 0xff, (value >>> 8) & 0xff);
    return this;
  }
  u32(value: number): this {
    return this.u16(value & 0xffff).u16(value >>> 16);
  }
  u64(value: bigint): this {
    return this.u32(Number(value & 0xffffffffn)).u32(Number(value >> 32n));
  }
  toBuffer(): Buffer {
    return Buffer.from(this.#bytes);
  }
}

/** Records of which equal ones are written once; an index never changes. */
class Interned {
  readonly bytes = new ByteWriter();
  readonly #indices = new Map<string, number>();
  get count(): number {
    return this.#indices.size;
  }
  add(key: string, write: (record: ByteWriter) => void): number {
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    write(this.bytes);
    this.#indices.set(key, this.#indices.size);
    return this.#indices.size - 1;
  }
}

/** UTF-8 strings of which equal ones are stored once. */
class StringPool {
  readonly #parts: Buffer[] = [];
  readonly #known = new Map<string, { offset: number; length: number }>();
  byteLength = 0;
  add(text: string): { offset: number; length: number } {
    const known = this.#known.get(text);
    if (known) return known;
    const part = Buffer.from(text.slice(0, 0x3fff)); // at most four bytes a character: the length fits u16
    const entry = { offset: this.byteLength, length: part.length };
    this.#parts.push(part);
    this.#known.set(text, entry);
    this.byteLength += part.length;
    return entry;
  }
  toBuffer(): Buffer {
    return Buffer.concat(this.#parts);
  }
}
