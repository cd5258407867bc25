/**
 * A reader of ELF64 executables that trusts nothing: each offset is checked against the file before it is followed. What it
 * cannot follow becomes a finding, so that a truncated or lying file is reported, never a crash.
 * Layouts: System V ABI, chapters 4 and 5 (`Elf64_Ehdr`, `Elf64_Phdr`, `Elf64_Shdr`, `Elf64_Sym`).
 */
import { hex, type Finding } from "./finding.ts";

export const PT_LOAD = 1;
export const PT_DYNAMIC = 2;
export const PT_INTERP = 3;
export const PT_NOTE = 4;
export const PF_X = 1;
export const PF_W = 2;
export const SHT_SYMTAB = 2;
export const SHT_RELA = 4;
export const SHT_REL = 9;
export const SHF_WRITE = 1n;
export const SHF_EXECINSTR = 4n;

const EHDR_BYTES = 64;
const PHDR_BYTES = 56;
const SHDR_BYTES = 64;
const SYM_BYTES = 24;
const STT_FUNC = 2;

/** A program header; `index` is its place in the table. */
export interface Segment {
  readonly index: number;
  readonly type: number;
  readonly flags: number;
  readonly offset: bigint;
  readonly vaddr: bigint;
  readonly paddr: bigint;
  readonly filesz: bigint;
  readonly memsz: bigint;
}

/** A section header with its name resolved ("" where it cannot be). */
export interface Section {
  readonly name: string;
  readonly type: number;
  readonly flags: bigint;
  readonly addr: bigint;
  readonly offset: bigint;
  readonly size: bigint;
  readonly link: number;
}

/** A function symbol. */
export interface FunctionSymbol {
  readonly name: string;
  readonly address: bigint;
  readonly size: bigint;
}

/** The parts of the file that could be read, and what was wrong with the others. */
export interface ElfImage {
  readonly machine: number;
  readonly type: number;
  readonly entry: bigint;
  readonly segments: readonly Segment[];
  readonly sections: readonly Section[];
  readonly findings: readonly Finding[];
  /** The bytes at a file offset, or undefined when they are not all inside the file. */
  slice(offset: bigint, size: bigint): Uint8Array | undefined;
}

/** Reads headers and tables. `undefined` when the file is no little-endian ELF64 at all; `findings` then says why. */
export function readElf(bytes: Uint8Array): { elf?: ElfImage; findings: Finding[] } {
  const refusal = refuseIdentification(bytes);
  if (refusal) return { findings: [refusal] };
  const file = new FileView(bytes);
  const findings: Finding[] = [];
  const segments = readTable(
    file,
    findings,
    "program header table",
    file.u64(32),
    file.u16(54),
    file.u16(56),
    PHDR_BYTES,
  ).map((at, index): Segment => ({
    index,
    type: file.u32(at),
    flags: file.u32(at + 4),
    offset: file.u64(at + 8),
    vaddr: file.u64(at + 16),
    paddr: file.u64(at + 24),
    filesz: file.u64(at + 32),
    memsz: file.u64(at + 40),
  }));
  const sections = readSections(file, findings);
  const slice = (offset: bigint, size: bigint): Uint8Array | undefined => file.slice(offset, size);
  const elf = {
    type: file.u16(16),
    machine: file.u16(18),
    entry: file.u64(24),
    segments,
    sections,
    findings,
    slice,
  };
  return { elf, findings };
}

/** e_ident, and room for the header. */
function refuseIdentification(bytes: Uint8Array): Finding | undefined {
  const magic = Buffer.from(bytes.subarray(0, 4)).toString("hex");
  if (magic !== "7f454c46") {
    const gzip = magic.startsWith("1f8b");
    return {
      code: "not-elf",
      subject: "file",
      expected: "an ELF file (magic 7f454c46)",
      got: bytes.length === 0 ? "an empty file" : gzip ? `a gzip'ed file (${magic})` : `magic ${magic}`,
      advice: gzip ? "Check the ELF that it was made from." : "Give the linked kernel, build/xenlet.elf.",
    };
  }
  if (bytes.length < EHDR_BYTES) {
    const expected = `${EHDR_BYTES} bytes of header`;
    return {
      code: "truncated",
      subject: "file",
      expected,
      got: `${bytes.length} bytes`,
      advice: "Link it again.",
    };
  }
  const advice = "Link with `-m elf_x86_64`; 32-bit PV has left Xen.";
  if (bytes[4] !== 2) {
    const got = bytes[4] === 1 ? "ELFCLASS32" : `class ${bytes[4]}`;
    return { code: "wrong-class", subject: "ELF header", expected: "ELFCLASS64", got, advice };
  }
  if (bytes[5] !== 1) {
    const got = bytes[5] === 2 ? "big-endian" : `encoding ${bytes[5]}`;
    return { code: "wrong-byte-order", subject: "ELF header", expected: "little-endian", got, advice };
  }
  return undefined;
}

/** Offsets of a table's entries; an entry or a table that does not fit the file is a finding, and no entries. */
function readTable(
  file: FileView,
  findings: Finding[],
  subject: string,
  offset: bigint,
  entryBytes: number,
  count: number,
  expectedBytes: number,
): number[] {
  if (count === 0) return [];
  const advice = "The file is damaged or was cut: link it again.";
  if (entryBytes !== expectedBytes) {
    const expected = `entries of ${expectedBytes} bytes`;
    findings.push({ code: "truncated", subject, expected, got: `${entryBytes}`, advice });
    return [];
  }
  if (!file.has(offset, BigInt(count * entryBytes))) {
    const expected = `${count} entries at ${hex(offset)} inside the file`;
    findings.push({ code: "truncated", subject, expected, got: `a file of ${hex(file.size)} bytes`, advice });
    return [];
  }
  return Array.from({ length: count }, (_, index) => Number(offset) + index * entryBytes);
}

function readSections(file: FileView, findings: Finding[]): Section[] {
  const headers = readTable(
    file,
    findings,
    "section header table",
    file.u64(40),
    file.u16(58),
    file.u16(60),
    SHDR_BYTES,
  );
  const namesHeader = headers[file.u16(62)];
  const names =
    namesHeader === undefined
      ? undefined
      : file.slice(file.u64(namesHeader + 24), file.u64(namesHeader + 32));
  return headers.map((at) => ({
    name: readString(names, file.u32(at)),
    type: file.u32(at + 4),
    flags: file.u64(at + 8),
    addr: file.u64(at + 16),
    offset: file.u64(at + 24),
    size: file.u64(at + 32),
    link: file.u32(at + 40),
  }));
}

/** Function symbols sorted by address; none in a stripped file. */
export function readFunctionSymbols(elf: ElfImage): FunctionSymbol[] {
  const table = elf.sections.find((section) => section.type === SHT_SYMTAB);
  const strings = table && elf.sections[table.link];
  const names = strings && elf.slice(strings.offset, strings.size);
  const bytes = table && elf.slice(table.offset, table.size);
  if (!bytes || !names) return [];
  const view = new FileView(bytes);
  const symbols: FunctionSymbol[] = [];
  for (let at = 0; at + SYM_BYTES <= bytes.length; at += SYM_BYTES) {
    if ((view.u8(at + 4) & 15) !== STT_FUNC) continue;
    symbols.push({
      name: readString(names, view.u32(at)),
      address: view.u64(at + 8),
      size: view.u64(at + 16),
    });
  }
  return symbols.sort((a, b) => (a.address < b.address ? -1 : 1));
}

/** The NUL-terminated string at an offset of a string table; "" when it does not end inside it. */
export function readString(table: Uint8Array | undefined, offset: number): string {
  if (!table) return "";
  const end = table.indexOf(0, offset);
  return end < 0 ? "" : Buffer.from(table.subarray(offset, end)).toString("latin1");
}

/** Little-endian reads; callers have checked the header's and the tables' bounds with `has`. */
class FileView {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  get size(): number {
    return this.#bytes.length;
  }
  u8(at: number): number {
    return this.#view.getUint8(at);
  }
  u16(at: number): number {
    return this.#view.getUint16(at, true);
  }
  u32(at: number): number {
    return this.#view.getUint32(at, true);
  }
  u64(at: number): bigint {
    return this.#view.getBigUint64(at, true);
  }
  has(offset: bigint, size: bigint): boolean {
    return offset + size <= BigInt(this.#bytes.length);
  }
  slice(offset: bigint, size: bigint): Uint8Array | undefined {
    return this.has(offset, size) ? this.#bytes.subarray(Number(offset), Number(offset + size)) : undefined;
  }
}
