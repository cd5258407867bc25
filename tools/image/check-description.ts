/** Checks what an image says about itself: complete, acceptable to every builder, and the same in both forms. */
import type { Description } from "./description.ts";
import { PF_X, PT_LOAD, type ElfImage, type Segment } from "./elf.ts";
import { hex, type Finding, type FindingCode } from "./finding.ts";

const PAGE = 0x1000n;
const FEATURE_DOM0 = 1n << 11n; // XENFEAT_dom0, xen/features.h

/** Facts without which some builder refuses the image or guesses. */
const REQUIRED = [
  "XEN_VERSION",
  "LOADER",
  "GUEST_OS",
  "VIRT_BASE",
  "PADDR_OFFSET",
  "ENTRY",
  "HYPERCALL_PAGE",
] as const;

/** All findings about notes, `__xen_guest`, entry and hypercall page. */
export function checkDescription(
  elf: ElfImage,
  notes: Description | undefined,
  guestSection: Description | undefined,
): Finding[] {
  return [
    ...checkPresence(notes, guestSection),
    ...(notes ? [...checkValues(notes), ...checkPlaces(elf, notes)] : []),
    ...(notes && guestSection ? compare(notes, guestSection) : []),
  ];
}

function checkPresence(notes: Description | undefined, guestSection: Description | undefined): Finding[] {
  const findings: Finding[] = [];
  const missing = (code: FindingCode, subject: string, advice: string): void => {
    findings.push({ code, subject, expected: "it in the image", got: "none", advice });
  };
  if (!notes)
    missing(
      "notes-missing",
      "Xen ELF notes",
      "Link boot/head.S and keep .note.Xen in a PT_NOTE segment (linker.ld).",
    );
  if (!guestSection)
    missing("guest-section-missing", "section __xen_guest", "Link boot/head.S; strip must keep the section.");
  for (const fact of REQUIRED) {
    if (notes && notes[fact] === undefined) missing("note-missing", `note ${fact}`, "Add it in boot/head.S.");
    if (guestSection && guestSection[fact] === undefined) {
      missing("note-missing", `__xen_guest, what note ${fact} says`, "Add it in boot/head.S.");
    }
  }
  return findings;
}

/** libelf's `elf_xen_note_check`, and the first domain's builder. */
function checkValues(notes: Description): Finding[] {
  const findings: Finding[] = [];
  const refuse = (subject: string, expected: string, got: string): void => {
    findings.push({
      code: "note-refused",
      subject,
      expected,
      got,
      advice: "Builders refuse it: correct it in boot/head.S.",
    });
  };
  if (notes.XEN_VERSION !== undefined && !notes.XEN_VERSION.startsWith("xen-3.0")) {
    refuse("note XEN_VERSION", '"xen-3.0"', `"${notes.XEN_VERSION}"`);
  }
  if (
    notes.LOADER !== undefined &&
    !notes.LOADER.startsWith("generic") &&
    !notes.GUEST_OS?.startsWith("linux")
  ) {
    refuse("note LOADER", '"generic"', `"${notes.LOADER}"`);
  }
  const required = notes.FEATURES?.split("|").filter((feature) => feature.startsWith("!")) ?? [];
  if (required.length > 0) refuse("note FEATURES", "no required feature", required.join("|"));
  if (notes.SUPPORTED_FEATURES !== undefined && (notes.SUPPORTED_FEATURES & FEATURE_DOM0) === 0n) {
    refuse(
      "note SUPPORTED_FEATURES",
      `bit 11 (dom0) set, as it names features at all`,
      hex(notes.SUPPORTED_FEATURES),
    );
  }
  return findings;
}

/** Entry and hypercall page lie in the text; ENTRY is what the ELF header says. */
function checkPlaces(elf: ElfImage, notes: Description): Finding[] {
  const findings: Finding[] = [];
  const inText = (start: bigint, size: bigint): boolean =>
    elf.segments.some(
      (segment: Segment) =>
        segment.type === PT_LOAD &&
        (segment.flags & PF_X) !== 0 &&
        start >= segment.vaddr &&
        start + size <= segment.vaddr + segment.memsz,
    );
  const { ENTRY: entry, HYPERCALL_PAGE: page } = notes;
  if (entry !== undefined && entry !== elf.entry) {
    const advice =
      "Older builders take the note, newer ones too; gdb and objdump take the header. Make linker.ld's ENTRY() the same.";
    findings.push({
      code: "entry-contradicts",
      subject: "note ENTRY",
      expected: `e_entry, ${hex(elf.entry)}`,
      got: hex(entry),
      advice,
    });
  }
  const outside = (code: FindingCode, subject: string, got: bigint, advice: string): void => {
    findings.push({ code, subject, expected: "an address in an executable segment", got: hex(got), advice });
  };
  const start = entry ?? elf.entry;
  if (!inText(start, 1n))
    outside("entry-outside-text", "entry", start, "Put `start` of boot/head.S into .text (linker.ld).");
  if (page !== undefined && page % PAGE !== 0n) {
    const advice = "Xen writes a whole frame there: align hypercall_page to 4096 (boot/head.S).";
    findings.push({
      code: "hypercall-page-unaligned",
      subject: "hypercall page",
      expected: "a multiple of 0x1000",
      got: hex(page),
      advice,
    });
  }
  if (page !== undefined && !inText(page, PAGE)) {
    outside(
      "hypercall-page-outside-text",
      "hypercall page",
      page,
      "Put .text.hypercall_page into .text (linker.ld).",
    );
  }
  return findings;
}

/** A builder reads the notes or, when it finds none, `__xen_guest`: which one must not matter. */
function compare(notes: Description, guestSection: Description): Finding[] {
  const findings: Finding[] = [];
  const show = (value: string | bigint): string => (typeof value === "bigint" ? hex(value) : `"${value}"`);
  for (const fact of [...REQUIRED, "GUEST_VERSION", "FEATURES"] as const) {
    const note = notes[fact];
    const legacy = guestSection[fact];
    if (note === legacy || note === undefined || legacy === undefined) continue;
    const advice = "Which one counts depends on the builder: make them equal in boot/head.S.";
    const got = `${show(legacy)} in __xen_guest`;
    findings.push({
      code: "notes-contradict",
      subject: `note ${fact}`,
      expected: `${show(note)} in both`,
      got,
      advice,
    });
  }
  return findings;
}
