/**
 * What an image says about itself to a builder: the Xen ELF notes (xen/elfnote.h), and the older `__xen_guest` section, a
 * string of NAME=VALUE pairs. Both are read into the same values, so that they can be compared.
 */
import { PT_NOTE, readString, type ElfImage } from "./elf.ts";
import { hex, type Finding } from "./finding.ts";

/** Facts that both forms can state; a fact that is not stated is absent. */
export interface Description {
  GUEST_OS?: string;
  GUEST_VERSION?: string;
  XEN_VERSION?: string;
  LOADER?: string;
  FEATURES?: string;
  VIRT_BASE?: bigint;
  PADDR_OFFSET?: bigint;
  ENTRY?: bigint;
  HYPERCALL_PAGE?: bigint;
  /** Notes only. */
  SUPPORTED_FEATURES?: bigint;
}

type StringFact = "GUEST_OS" | "GUEST_VERSION" | "XEN_VERSION" | "LOADER" | "FEATURES";
type NumberFact = "VIRT_BASE" | "PADDR_OFFSET" | "ENTRY" | "HYPERCALL_PAGE" | "SUPPORTED_FEATURES";

const STRING_NOTES = new Map<number, StringFact>([
  [5, "XEN_VERSION"],
  [6, "GUEST_OS"],
  [7, "GUEST_VERSION"],
  [8, "LOADER"],
  [10, "FEATURES"],
]);
const NUMBER_NOTES = new Map<number, NumberFact>([
  [1, "ENTRY"],
  [2, "HYPERCALL_PAGE"],
  [3, "VIRT_BASE"],
  [4, "PADDR_OFFSET"],
  [17, "SUPPORTED_FEATURES"],
]);
const GUEST_SECTION_STRINGS = new Map<string, StringFact>([
  ["GUEST_OS", "GUEST_OS"],
  ["GUEST_VER", "GUEST_VERSION"],
  ["XEN_VER", "XEN_VERSION"],
  ["LOADER", "LOADER"],
  ["FEATURES", "FEATURES"],
]);
const GUEST_SECTION_NUMBERS = new Map<string, NumberFact>([
  ["VIRT_BASE", "VIRT_BASE"],
  ["ELF_PADDR_OFFSET", "PADDR_OFFSET"],
  ["VIRT_ENTRY", "ENTRY"],
  ["HYPERCALL_PAGE", "HYPERCALL_PAGE"],
]);

/** Lengths that Xen's own parser copies (libelf, `elf_xen_parse_guest_info`); what is longer it cuts silently. */
const LONGEST_NAME = 31;
const LONGEST_VALUE = 127;

/** Reads the Xen notes of all PT_NOTE segments; undefined when there is none. */
export function readNotes(elf: ElfImage, findings: Finding[]): Description | undefined {
  const notes: Description = {};
  let found = 0;
  for (const segment of elf.segments) {
    if (segment.type !== PT_NOTE) continue;
    const bytes = elf.slice(segment.offset, segment.filesz);
    if (!bytes) continue; // "segment-outside-file" says so
    for (const note of walkNotes(bytes, `note segment ${segment.index}`, findings)) {
      if (note.owner !== "Xen") continue;
      found++;
      storeNote(notes, note, findings);
    }
  }
  return found > 0 ? notes : undefined;
}

interface RawNote {
  readonly owner: string;
  readonly type: number;
  readonly desc: Uint8Array;
}

/** Elf64_Nhdr {namesz, descsz, type}, then name and description, each padded to four bytes. */
function* walkNotes(bytes: Uint8Array, subject: string, findings: Finding[]): Generator<RawNote> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + 12 <= bytes.length) {
    const nameBytes = view.getUint32(at, true);
    const descAt = at + 12 + align4(nameBytes);
    const descBytes = view.getUint32(at + 4, true);
    if (descAt + descBytes > bytes.length) {
      const expected = `the note at offset ${hex(at)} to end inside it`;
      const got = `name ${hex(nameBytes)} + description ${hex(descBytes)} of ${hex(bytes.length)} bytes`;
      findings.push({
        code: "note-malformed",
        subject,
        expected,
        got,
        advice: "Correct the sizes in .note.Xen.",
      });
      return;
    }
    const owner = Buffer.from(bytes.subarray(at + 12, at + 12 + nameBytes))
      .toString("latin1")
      .replace(/\0$/, "");
    yield { owner, type: view.getUint32(at + 8, true), desc: bytes.subarray(descAt, descAt + descBytes) };
    at = descAt + align4(descBytes);
  }
}

function align4(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

function storeNote(notes: Description, { type, desc }: RawNote, findings: Finding[]): void {
  const malformed = (fact: string, expected: string, got: string): void => {
    const advice = `Correct it in boot/head.S; xen/elfnote.h says what note ${type} holds.`;
    findings.push({ code: "note-malformed", subject: `note ${fact}`, expected, got, advice });
  };
  const text = STRING_NOTES.get(type);
  const number = NUMBER_NOTES.get(type);
  const fact = text ?? number;
  if (!fact) return;
  if (notes[fact] !== undefined) malformed(fact, "it once", "it twice");
  if (text) {
    if (desc.indexOf(0) < 0)
      return malformed(text, "a NUL-terminated string", `${desc.length} bytes without NUL`);
    notes[text] = readString(desc, 0);
  } else if (number) {
    if (desc.length !== 4 && desc.length !== 8)
      return malformed(number, "a number of 4 or 8 bytes", `${desc.length} bytes`);
    notes[number] = Buffer.from(desc).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }
}

/** Reads `__xen_guest`; undefined when there is none. HYPERCALL_PAGE, a page count there, becomes an address. */
export function readGuestSection(elf: ElfImage, findings: Finding[]): Description | undefined {
  const section = elf.sections.find(({ name }) => name === "__xen_guest");
  if (!section) return undefined;
  const malformed = (subject: string, expected: string, got: string): void => {
    const advice = "Correct the string in boot/head.S.";
    findings.push({ code: "guest-section-malformed", subject, expected, got, advice });
  };
  const bytes = elf.slice(section.offset, section.size);
  if (!bytes || bytes.indexOf(0) < 0) {
    malformed("__xen_guest", "a NUL-terminated string", bytes ? "no NUL" : "a section outside the file");
    return {};
  }
  const facts: Description = {};
  for (const pair of readString(bytes, 0).split(",")) {
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    if (name.length > LONGEST_NAME)
      malformed(`__xen_guest ${name}`, `a name of ${LONGEST_NAME} bytes at most`, `${name.length}`);
    if (value.length > LONGEST_VALUE)
      malformed(`__xen_guest ${name}`, `${LONGEST_VALUE} bytes at most`, `${value.length}`);
    const text = GUEST_SECTION_STRINGS.get(name);
    const number = GUEST_SECTION_NUMBERS.get(name);
    if (text) facts[text] = value;
    if (number && !/^(0x[0-9a-f]{1,16}|\d{1,19})$/i.test(value))
      malformed(`__xen_guest ${name}`, "a number", `"${value}"`);
    else if (number) facts[number] = BigInt(value);
  }
  if (facts.HYPERCALL_PAGE !== undefined)
    facts.HYPERCALL_PAGE = (facts.VIRT_BASE ?? 0n) + (facts.HYPERCALL_PAGE << 12n);
  return facts;
}
