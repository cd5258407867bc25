/** Writes the line table; its format is in line-table.ts. */
import {
  CHAIN_LIMIT,
  FAR,
  HEADER_BYTES,
  LINE,
  LINE_TABLE_MAGIC,
  LINE_TABLE_VERSION,
  LineTableError,
  STEP_LINES,
  type LineFrame,
  type LineRange,
} from "./line-table.ts";

/** An index record is written at the first gap between functions after so much program. */
const INDEX_DISTANCE = 1024;
/** A push has 14 bits for the function. */
const FUNCTION_LIMIT = 1 << 14;
/** A name's length is a byte. */
const NAME_LIMIT = 255;
const STEP_LIMIT = 32;
const POP_LIMIT = 31;

/** Encodes ranges, sorted by `start`, relative to `textBase`. Neighbours with an equal chain become one range. */
export function encodeLineTable(textBase: bigint, ranges: readonly LineRange[]): Buffer {
  const functions = new FunctionNames(ranges.flatMap(({ chain }) => chain));
  const program = new ProgramWriter();
  for (const [index, { start, chain }] of ranges.entries()) {
    const activations = shorten(chain)
      .map((frame) => functions.activationOf(frame))
      .reverse();
    const next = ranges[index + 1]?.start ?? start + 1n;
    program.append(Number(start - textBase), activations, Number(next - start));
  }
  program.finish();
  const [index, steps, names] = [program.index, program.bytes, functions.bytes].map((part) => part.toBuffer());
  const header = new ByteWriter();
  header.u32(LINE_TABLE_MAGIC).u16(LINE_TABLE_VERSION).u16(HEADER_BYTES).u64(textBase);
  header.u32((index?.length ?? 0) / 8).u32(steps?.length ?? 0).u32(names?.length ?? 0).u32(functions.count);
  return Buffer.concat([header.toBuffer(), ...[index, steps, names].flatMap((part) => part ?? [])]);
}

/** Of a chain that is too long the middle is left out. */
function shorten(chain: readonly LineFrame[]): readonly LineFrame[] {
  return chain.length <= CHAIN_LIMIT ? chain : [...chain.slice(0, CHAIN_LIMIT - 1), ...chain.slice(-1)];
}

/** A function by its number, with a line after its first. */
interface Activation {
  readonly index: number;
  readonly line: number;
}

/** Steps through the text; ranges come in their order. */
class ProgramWriter {
  readonly index = new ByteWriter();
  readonly bytes = new ByteWriter();
  #indexedAt = -INDEX_DISTANCE;
  /** What the bytes so far say. */
  #chain: readonly Activation[] = [];
  /** The range that is not written yet, since the next one may be of the same chain. */
  #pending: { readonly start: number; readonly chain: readonly Activation[]; length: number } | undefined;

  append(start: number, chain: readonly Activation[], length: number): void {
    if (this.#pending && sameChain(this.#pending.chain, chain)) {
      this.#pending.length += length;
      return;
    }
    this.finish();
    this.#pending = { start, chain, length };
  }

  finish(): void {
    if (!this.#pending) return;
    const { start, chain, length } = this.#pending;
    this.#pending = undefined;
    const kept = this.#kept(chain);
    const popped = this.#chain.length - kept;
    if (popped > POP_LIMIT) throw new LineTableError(`line table: a chain of more than ${POP_LIMIT}`);
    if (popped > 0) this.bytes.u8(0xc0 | popped);
    if (kept === 0) this.#noteIndex(start);
    const before = this.#chain[kept - 1];
    const after = chain[kept - 1];
    const turned = before && after ? after.line - before.line : 0;
    const pushed = chain.slice(kept);
    const inStep = pushed.length === 0 && STEP_LINES.includes(turned);
    if (turned !== 0 && !inStep) this.bytes.u8(LINE).uleb(turned > 0 ? turned * 2 : -turned * 2 + 1);
    for (const { index, line } of pushed) {
      this.bytes.u8(0x80 | (index >> 8)).u8(index & 0xff).uleb(line);
    }
    this.#step(inStep ? turned : 0, length);
    this.#chain = chain;
  }

  /** How many activations go on: all but the last of them with the line that they have. */
  #kept(chain: readonly Activation[]): number {
    let kept = 0;
    for (const [level, before] of this.#chain.entries()) {
      if (before.index !== chain[level]?.index) break;
      kept++;
      if (before.line !== chain[level]?.line) break;
    }
    return kept;
  }

  #step(lines: number, length: number): void {
    const far = Math.floor((length - 1) / STEP_LIMIT);
    if (far > 0) this.bytes.u8(FAR).uleb(far);
    this.bytes.u8((STEP_LINES.indexOf(lines) << 5) | ((length - 1) % STEP_LIMIT));
  }

  #noteIndex(start: number): void {
    if (this.bytes.length - this.#indexedAt < INDEX_DISTANCE) return;
    this.#indexedAt = this.bytes.length;
    this.index.u32(start).u32(this.bytes.length);
  }
}

function sameChain(one: readonly Activation[], other: readonly Activation[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ index, line }, level) => index === other[level]?.index && line === other[level]?.line)
  );
}

/** Every function once, ordered so that neighbours share as much of their names as possible. */
class FunctionNames {
  readonly bytes = new ByteWriter();
  readonly #indices = new Map<string, number>();
  readonly #firstLines = new Map<string, number>();

  constructor(frames: readonly LineFrame[]) {
    const files = new Map<string, Set<string>>();
    for (const frame of frames) {
      const key = keyOf(frame);
      this.#firstLines.set(key, Math.min(frame.line, this.#firstLines.get(key) ?? frame.line));
      const names = files.get(frame.file) ?? new Set();
      files.set(frame.file, names.add(frame.function));
    }
    let [fileBefore, nameBefore] = [Buffer.alloc(0), Buffer.alloc(0)];
    for (const [file, names] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
      fileBefore = this.#writeName(file, fileBefore);
      this.bytes.uleb(names.size);
      for (const name of [...names].sort()) {
        const key = keyOf({ file, function: name });
        nameBefore = this.#writeName(name, nameBefore);
        this.bytes.uleb(this.#firstLines.get(key) ?? 0);
        this.#indices.set(key, this.#indices.size);
      }
    }
    if (this.count > FUNCTION_LIMIT)
      throw new LineTableError(`more than ${FUNCTION_LIMIT} functions: widen \`push\` in the program`);
  }

  get count(): number {
    return this.#indices.size;
  }

  activationOf(frame: LineFrame): Activation {
    const key = keyOf(frame);
    return {
      index: this.#indices.get(key) ?? 0,
      line: frame.line - (this.#firstLines.get(key) ?? 0),
    };
  }

  #writeName(text: string, before: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
    const name = cut(text);
    let shared = 0;
    while (shared < name.length && shared < before.length && name[shared] === before[shared]) shared++;
    this.bytes.u8(shared).u8(name.length - shared).append(name.subarray(shared));
    return name;
  }
}

function keyOf(frame: { readonly function: string; readonly file: string }): string {
  return `${frame.file}\n${frame.function}`;
}

/** As UTF-8, without the characters beyond the limit. */
function cut(text: string): Buffer<ArrayBuffer> {
  const characters = [...text];
  while (Buffer.byteLength(characters.join("")) > NAME_LIMIT) characters.pop();
  return Buffer.from(characters.join(""));
}

/** Little-endian records, appended. */
class ByteWriter {
  readonly #bytes: number[] = [];
  get length(): number {
    return this.#bytes.length;
  }
  u8(value: number): this {
    this.#bytes.push(value);
    return this;
  }
  u16(value: number): this {
    return this.u8(value & 0xff).u8((value >>> 8) & 0xff);
  }
  u32(value: number): this {
    return this.u16(value & 0xffff).u16(value >>> 16);
  }
  u64(value: bigint): this {
    return this.u32(Number(value & 0xffffffffn)).u32(Number(value >> 32n));
  }
  uleb(value: number): this {
    for (; value > 127; value >>>= 7) this.u8((value & 127) | 128);
    return this.u8(value);
  }
  append(bytes: Uint8Array): this {
    for (const byte of bytes) this.u8(byte);
    return this;
  }
  toBuffer(): Buffer {
    return Buffer.from(this.#bytes);
  }
}
