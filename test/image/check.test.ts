/** Each refusal of the image check, seen on a good image that was made bad in one place. */
import { gzipSync } from "node:zlib";

import test from "ava";

import { checkImage, checkStructure } from "../../tools/image/check.ts";
import { formatFinding, type Finding, type FindingCode } from "../../tools/image/finding.ts";
import { buildGuest } from "./fixtures/guest.ts";
import { Patch, u64 } from "./fixtures/patch.ts";

const guest = await buildGuest("hello");
const BASE = 0xffffffff80000000n;
const ENTRY = BASE + 0x1000n;
// Program headers of linker.ld, in order.
const TEXT = 0;
const RODATA = 1;
const DATA = 2;
const NOTE = 4;

const codes = (findings: readonly Finding[]): FindingCode[] =>
  [...new Set(findings.map(({ code }) => code))].sort();

test("a good image has no findings", (t) => {
  t.deepEqual(checkImage(guest.bytes), []);
});

/** One bad image: what was done to a good one, and exactly the refusals that it earns. */
interface Case {
  readonly title: string;
  readonly patch: (image: Patch) => Patch;
  readonly codes: readonly FindingCode[];
  /** Words that the first finding must contain. */
  readonly says: RegExp;
}

const cases: readonly Case[] = [
  {
    title: "another magic",
    patch: (i) => i.byte(0, 0x4d),
    codes: ["not-elf"],
    says: /expected an ELF file.*got magic 4d454c46/,
  },
  {
    title: "a 32-bit ELF",
    patch: (i) => i.byte(4, 1),
    codes: ["wrong-class"],
    says: /expected ELFCLASS64, got ELFCLASS32/,
  },
  {
    title: "a big-endian ELF",
    patch: (i) => i.byte(5, 2),
    codes: ["wrong-byte-order"],
    says: /got big-endian/,
  },
  {
    title: "another machine",
    patch: (i) => i.header("e_machine", 183n),
    codes: ["wrong-machine"],
    says: /EM_X86_64 \(62\), got 183/,
  },
  {
    title: "a position-independent executable",
    patch: (i) => i.header("e_type", 3n),
    codes: ["wrong-type"],
    says: /ET_EXEC \(2\), got ET_DYN/,
  },
  {
    title: "program headers outside the file",
    patch: (i) => i.header("e_phoff", 1n << 40n),
    codes: ["no-load-segment", "notes-missing", "truncated"],
    says: /5 entries at 0x10000000000 inside the file/,
  },
  {
    title: "section headers outside the file",
    patch: (i) => i.header("e_shoff", 0xffffffffffffffc0n),
    codes: ["guest-section-missing", "truncated"],
    says: /section header table/,
  },
  {
    title: "no program headers",
    patch: (i) => i.header("e_phnum", 0n),
    codes: ["no-load-segment", "notes-missing"],
    says: /expected PT_LOAD segments, got none/,
  },
  {
    title: "a segment whose bytes are not in the file",
    patch: (i) => i.segment(RODATA, "p_offset", 0x7fffffffn),
    codes: ["segment-outside-file"],
    says: /segment 1.*at 0x7fffffff/,
  },
  {
    title: "a segment with more bytes than room",
    patch: (i) => i.segment(TEXT, "p_memsz", 0x1800n),
    codes: ["segment-size"],
    says: /p_filesz at most p_memsz, 0x1800, got 0x2000/,
  },
  {
    title: "an unaligned segment",
    patch: (i) => i.segment(DATA, "p_vaddr", BASE + 0x3008n).segment(DATA, "p_paddr", 0x3008n),
    codes: ["segment-overlap", "segment-unaligned"],
    says: /segment 2: expected both addresses multiples of 0x1000/,
  },
  {
    title: "two segments on one page",
    patch: (i) => i.segment(RODATA, "p_memsz", 0x1001n),
    codes: ["segment-overlap"],
    says: /segment 2: expected a start behind segment 1, which needs pages up to 0xffffffff80004000/,
  },
  {
    title: "a segment below VIRT_BASE",
    patch: (i) => i.segment(DATA, "p_vaddr", BASE - 0x10000n).segment(DATA, "p_paddr", BASE),
    codes: ["segment-misplaced", "segment-outside-window"],
    says: /from VIRT_BASE, 0xffffffff80000000, up/,
  },
  {
    title: "a segment over the top of the address space",
    patch: (i) => i.segment(DATA, "p_memsz", 1n << 31n),
    codes: ["segment-outside-window", "segment-overlap"],
    says: /segment 2/,
  },
  {
    title: "a segment loaded elsewhere than linked",
    patch: (i) => i.segment(DATA, "p_paddr", 0x9000n),
    codes: ["segment-misplaced"],
    says: /p_vaddr, 0xffffffff80003000, got 0xffffffff80009000/,
  },
  {
    title: "a segment that is writable and executable",
    patch: (i) => i.segment(DATA, "p_flags", 7n),
    codes: ["segment-writable-executable"],
    says: /segment 2: expected writable or executable, got both/,
  },
  {
    title: "writable text",
    patch: (i) => i.segment(TEXT, "p_flags", 7n),
    codes: ["segment-writable-executable", "text-writable"],
    says: /segment 0, where the entry is: expected read and execute only, got writable/,
  },
  {
    title: "a text section marked writable",
    patch: (i) => i.section(".text", "sh_flags", 7n),
    codes: ["text-writable"],
    says: /section .text/,
  },
  {
    title: "a program interpreter",
    patch: (i) => i.segment(NOTE, "p_type", 3n),
    codes: ["dynamic-linking", "notes-missing"],
    says: /PT_INTERP/,
  },
  {
    title: "a dynamic section",
    patch: (i) => i.segment(NOTE, "p_type", 2n),
    codes: ["dynamic-linking", "notes-missing"],
    says: /PT_DYNAMIC/,
  },
  {
    title: "leftover relocations",
    patch: (i) => i.section(".debug_line", "sh_type", 4n).section(".debug_line", "sh_size", 48n),
    codes: ["dynamic-linking"],
    says: /relocations \(.debug_line, 48 bytes\)/,
  },
  {
    title: "no notes",
    patch: (i) => i.segment(NOTE, "p_type", 0n),
    codes: ["notes-missing"],
    says: /Xen ELF notes/,
  },
  {
    title: "a note that ends outside its segment",
    patch: (i) => i.noteDescriptionSize(17, 0x1000),
    codes: ["note-malformed"],
    says: /note segment 4.*description 0x1000/,
  },
  {
    title: "a numeric note of three bytes",
    patch: (i) => i.noteDescriptionSize(17, 3),
    codes: ["note-malformed"],
    says: /note SUPPORTED_FEATURES: expected a number of 4 or 8 bytes, got 3 bytes/,
  },
  {
    title: "a string note without end",
    patch: (i) => i.noteDescriptionSize(10, 4),
    codes: ["note-malformed"],
    says: /note FEATURES: expected a NUL-terminated string/,
  },
  {
    title: "a note that stands twice",
    patch: (i) => i.noteType(10, 8),
    codes: ["note-malformed", "note-refused", "notes-contradict"],
    says: /note LOADER: expected it once, got it twice/,
  },
  {
    title: "no ENTRY note",
    patch: (i) => i.noteType(1, 99),
    codes: ["note-missing"],
    says: /note ENTRY: expected it in the image, got none/,
  },
  {
    title: "notes for another Xen",
    patch: (i) => i.note(5, Buffer.from("xen-2.0")),
    codes: ["note-refused", "notes-contradict"],
    says: /note XEN_VERSION: expected "xen-3.0", got "xen-2.0"/,
  },
  {
    title: "notes for another loader",
    patch: (i) => i.note(8, Buffer.from("special")).guestText("generic", "special"),
    codes: ["note-refused"],
    says: /note LOADER: expected "generic", got "special"/,
  },
  {
    title: "a feature that is required",
    patch: (i) => i.note(10, Buffer.from("!dom")).guestText("=dom0", "=!dom"),
    codes: ["note-refused"],
    says: /no required feature, got !dom/,
  },
  {
    title: "supported features without dom0",
    patch: (i) => i.note(17, Buffer.from([1, 0, 0, 0])),
    codes: ["note-refused"],
    says: /bit 11 \(dom0\) set.*got 0x1/,
  },
  {
    title: "no __xen_guest",
    patch: (i) => i.section("__xen_guest", "sh_name", 0n),
    codes: ["guest-section-missing"],
    says: /section __xen_guest: expected it in the image, got none/,
  },
  {
    title: "a __xen_guest without end",
    patch: (i) => i.section("__xen_guest", "sh_size", 20n),
    codes: ["guest-section-malformed", "note-missing"],
    says: /expected a NUL-terminated string, got no NUL/,
  },
  {
    title: "a __xen_guest outside the file",
    patch: (i) => i.section("__xen_guest", "sh_offset", 1n << 50n),
    codes: ["guest-section-malformed", "note-missing"],
    says: /a section outside the file/,
  },
  {
    title: "a __xen_guest number that is none",
    patch: (i) => i.guestText("VIRT_BASE=0xf", "VIRT_BASE=0xg"),
    codes: ["guest-section-malformed", "note-missing", "notes-contradict"],
    says: /__xen_guest VIRT_BASE: expected a number, got "0xgfffffff80000000"/,
  },
  {
    title: "notes that contradict __xen_guest",
    patch: (i) => i.guestText("VIRT_ENTRY=0xffffffff80001000", "VIRT_ENTRY=0xffffffff80001004"),
    codes: ["notes-contradict"],
    says: /note ENTRY: expected 0xffffffff80001000 in both, got 0xffffffff80001004 in __xen_guest/,
  },
  {
    title: "a hypercall page that __xen_guest puts elsewhere",
    patch: (i) => i.guestText("HYPERCALL_PAGE=0", "HYPERCALL_PAGE=1"),
    codes: ["notes-contradict"],
    says: /note HYPERCALL_PAGE: expected 0xffffffff80000000 in both, got 0xffffffff80001000/,
  },
  {
    title: "an ENTRY note that contradicts the ELF header",
    patch: (i) => i.header("e_entry", ENTRY + 4n),
    codes: ["entry-contradicts"],
    says: /expected e_entry, 0xffffffff80001004, got 0xffffffff80001000/,
  },
  {
    title: "an entry outside the text",
    patch: (i) => i.header("e_entry", BASE + 0x3000n).note(1, u64(BASE + 0x3000n)),
    codes: ["entry-outside-text", "notes-contradict", "text-writable"],
    says: /entry: expected an address in an executable segment, got 0xffffffff80003000/,
  },
  {
    title: "an unaligned hypercall page",
    patch: (i) => i.note(2, u64(BASE + 0x800n)),
    codes: ["hypercall-page-unaligned", "notes-contradict"],
    says: /multiple of 0x1000, got 0xffffffff80000800/,
  },
  {
    title: "a hypercall page outside the text",
    patch: (i) => i.note(2, u64(BASE + 0x3000n)),
    codes: ["hypercall-page-outside-text", "notes-contradict"],
    says: /hypercall page: expected an address in an executable segment/,
  },
];

for (const { title, patch, codes: expected, says } of cases) {
  test(`refused: ${title}`, (t) => {
    const findings = checkStructure(patch(new Patch(guest.bytes)).bytes);
    t.deepEqual(codes(findings), [...expected].sort());
    const text = findings.map(formatFinding).join("\n");
    t.regex(text, says);
    for (const finding of findings) t.true(finding.advice.length > 10, `${finding.code} says what to do`);
  });
}

test("refused: an empty file, a gzip'ed one, and one shorter than its header", (t) => {
  t.regex(checkImage(Buffer.alloc(0)).map(formatFinding).join(), /an empty file \[not-elf\]/);
  t.regex(checkImage(gzipSync(guest.bytes)).map(formatFinding).join(), /a gzip'ed file.*\[not-elf\]/);
  t.deepEqual(codes(checkImage(guest.bytes.subarray(0, 63))), ["truncated"]);
});

test("all refusals of an image come at once", (t) => {
  const bad = new Patch(guest.bytes)
    .header("e_type", 3n)
    .segment(DATA, "p_flags", 7n)
    .note(2, u64(BASE + 0x800n));
  t.deepEqual(codes(checkImage(bad.bytes)), [
    "hypercall-page-unaligned",
    "notes-contradict",
    "segment-writable-executable",
    "wrong-type",
  ]);
});
