/**
 * The line table: what a backtrace on the guest itself needs to name TypeScript functions, files and lines.
 *
 * It lies between `__line_table_start` and `__line_table_end`, read-only, page-aligned, little-endian. It is a quarter of the size
 * that fixed records have, and still needs no allocation: the guest decodes the stretch around an address in place.
 *
 * | part    | offset        | size           | contents                                                          |
 * | ------- | ------------- | -------------- | ----------------------------------------------------------------- |
 * | header  | 0             | 32             | below                                                             |
 * | index   | 32            | 8 × indexCount | `u32 start` (bytes after textBase), `u32 at` (bytes into program) |
 * | program | after index   | programBytes   | steps through the text, from its first known address on           |
 * | names   | after program | nameBytes      | files, and the functions of each                                  |
 *
 * | header field    | offset | type | value                                                                 |
 * | --------------- | ------ | ---- | --------------------------------------------------------------------- |
 * | `magic`         | 0      | u32  | 0x544c4c58, the bytes "XLLT"                                          |
 * | `version`       | 4      | u16  | 2                                                                     |
 * | `headerBytes`   | 6      | u16  | 32                                                                    |
 * | `textBase`      | 8      | u64  | address that starts count from (`__text_start`)                       |
 * | `indexCount`    | 16     | u32  |                                                                       |
 * | `programBytes`  | 20     | u32  |                                                                       |
 * | `nameBytes`     | 24     | u32  | header and parts together are `__line_table_end - __line_table_start` |
 * | `functionCount` | 28     | u32  | at most 16,384                                                        |
 *
 * The program keeps a *chain* of at most 16 activations, each a function with a line in it; the last one is the innermost,
 * the others are those that it was inlined into. An empty chain is a gap. Each step says how far the chain as it is reaches:
 *
 * | first byte | then      | meaning                                                                                     |
 * | ---------- | --------- | ------------------------------------------------------------------------------------------- |
 * | `0ddnnnnn` |           | step: the innermost line changes by +0, +1, +2 or -1 (d = 0 to 3), then n + 1 bytes are so  |
 * | `10ffffff` | u8, uleb  | push: function f × 256 + the byte; its line is the number after its first line              |
 * | `110nnnnn` |           | pop: the n innermost activations are left                                                   |
 * | `11100000` | uleb      | line: the innermost line changes by the number, of which the lowest bit is the sign         |
 * | `11100001` | uleb      | far: the next step is so many times 32 bytes longer                                         |
 *
 * The last step lasts to the end of memory (the build ends with a gap). Where an index record leads to, the chain is empty; one
 * stands every thousand bytes of program or so. (uleb: seven bits a byte, lowest first, the highest bit says that more follow.)
 *
 * A name is `u8 shared, u8 length` and `length` bytes of UTF-8 that follow the first `shared` bytes of the name before it, which
 * is empty in the beginning. A file is its path relative to the project ("kernel/main.ts"), `uleb count`, and that many
 * functions: a name (as in TypeScript, `Console.write`), and `uleb` its first line. Names of functions share with
 * functions, those of files with files. Functions count from 0 through all files. Line 0: the compiler knows no line.
 * Where only the name is known, the file is empty.
 *
 * Look up a return address minus one: the call is the last byte before it, and may end its function.
 */
export const LINE_TABLE_MAGIC = 0x544c4c58;
export const LINE_TABLE_VERSION = 2;
export const HEADER_BYTES = 32;
export const INDEX_BYTES = 8;
/** Activations of a chain. */
export const CHAIN_LIMIT = 16;
/** What a step adds to the line. */
export const STEP_LINES: readonly number[] = [0, 1, 2, -1];
/** First bytes that are no step, push or pop. */
export const LINE = 0xe0;
export const FAR = 0xe1;

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

/** Sizes, for the build's own report. */
export interface LineTableCounts {
  readonly functions: number;
  readonly bytes: number;
}

/** Thrown when bytes are not a table, or cannot be made one: says what was expected and what came. */
export class LineTableError extends Error {}

/** A table opened for look-ups; the same algorithm as the guest's. */
export interface LineTable {
  readonly counts: LineTableCounts;
  /** The chain at an exact address, innermost first; empty where nothing is known. */
  lookup(address: bigint): LineFrame[];
}

/** A function with its first line. */
interface NamedFunction {
  readonly name: string;
  readonly file: string;
  readonly firstLine: number;
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
  const [indexCount, programBytes, nameBytes, functionCount] = [16, 20, 24, 28].map((offset) =>
    view.getUint32(offset, true),
  ) as [number, number, number, number];
  const programAt = HEADER_BYTES + INDEX_BYTES * indexCount;
  const namesAt = programAt + programBytes;
  expect("size", namesAt + nameBytes, bytes.byteLength);
  const functions = readNames(bytes.subarray(namesAt), functionCount);

  const lookup = (address: bigint): LineFrame[] => {
    let start: number | undefined;
    let at = 0;
    for (let record = HEADER_BYTES; record < programAt; record += INDEX_BYTES) {
      if (textBase + BigInt(view.getUint32(record, true)) > address) break;
      start = view.getUint32(record, true);
      at = view.getUint32(record + 4, true);
    }
    if (start === undefined) return [];
    if (at > programBytes)
      throw new LineTableError(`line table: the index leads to byte ${at} of ${programBytes}`);
    const chain = chainAfter(new Cursor(bytes.subarray(programAt + at, namesAt)), address - textBase, start);
    return chain
      .map(({ index, line }) => {
        const found = functions[index];
        if (!found) throw new LineTableError(`line table: function ${index} of ${functions.length}`);
        return { function: found.name, file: found.file, line: found.firstLine + line };
      })
      .reverse();
  };
  return { counts: { functions: functions.length, bytes: bytes.byteLength }, lookup };
}

/** Follows the program from `start` on to the step that `offset` lies in. Lines count from the functions' first. */
function chainAfter(program: Cursor, offset: bigint, start: number): { index: number; line: number }[] {
  const chain: { index: number; line: number }[] = [];
  const turn = (lines: number): void => {
    const innermost = chain.at(-1);
    if (innermost) innermost.line += lines;
  };
  let at = start;
  let longer = 0;
  while (!program.isAtEnd) {
    const first = program.byte();
    if (first < 0x80) {
      turn(STEP_LINES[first >> 5] ?? 0);
      at += longer + (first & 31) + 1;
      longer = 0;
      if (offset < BigInt(at)) break;
    } else if (first < 0xc0) {
      if (chain.length === CHAIN_LIMIT) throw new LineTableError(`line table: a chain of ${CHAIN_LIMIT + 1}`);
      chain.push({ index: ((first & 63) << 8) | program.byte(), line: program.uleb() });
    } else if (first < LINE) {
      chain.length = Math.max(0, chain.length - (first & 31));
    } else if (first === LINE) {
      const number = program.uleb();
      turn((number & 1) === 0 ? number >>> 1 : -(number >>> 1));
    } else if (first === FAR) {
      longer = program.uleb() * 32;
    } else {
      throw new LineTableError(`line table: nothing begins with byte 0x${first.toString(16)}`);
    }
  }
  return chain;
}

function readNames(bytes: Uint8Array, count: number): NamedFunction[] {
  const names = new Cursor(bytes);
  const functions: NamedFunction[] = [];
  let file = Buffer.alloc(0);
  let name = Buffer.alloc(0);
  while (!names.isAtEnd) {
    file = names.shared(file);
    for (let left = names.uleb(); left > 0; left--) {
      name = names.shared(name);
      functions.push({ name: name.toString(), file: file.toString(), firstLine: names.uleb() });
    }
  }
  if (functions.length !== count)
    throw new LineTableError(`line table: expected ${count} functions, got ${functions.length}`);
  return functions;
}

/** Reads on from a place; beyond the end is an error. */
class Cursor {
  readonly #bytes: Uint8Array;
  #at = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }
  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }
  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new LineTableError("line table: it ends too early");
    return byte;
  }
  uleb(): number {
    let value = 0;
    for (let shift = 0; shift < 32; shift += 7) {
      const byte = this.byte();
      value = (value | ((byte & 127) << shift)) >>> 0;
      if (byte < 128) break;
    }
    return value;
  }
  shared(before: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
    const shared = this.byte();
    const length = this.byte();
    if (shared > before.length)
      throw new LineTableError(`line table: ${shared} bytes shared with a name of ${before.length}`);
    const own = Array.from({ length }, () => this.byte());
    return Buffer.concat([before.subarray(0, shared), Buffer.from(own)]);
  }
}
